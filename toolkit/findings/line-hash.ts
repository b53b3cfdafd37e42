const blockSize = 100;
const base = 37;
const word = 2 ** 32;
const space = 32;
const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const endOfFile = 65535;

/**
 * The `primaryLocationLineHash` of every line, `hash:occurrence`, as code scanning computes it when a SARIF file
 * comes without: a rolling 64-bit hash over the next 100 characters from the line's first one, blanks left out,
 * any line end read as one line feed. Index 0 is line 1.
 */
export function lineHashes(text: string): string[] {
  const hashes: string[] = [];
  const seen = new Map<string, number>();
  const window = new Uint16Array(blockSize);
  /** Line whose first character sits in this slot of the window; 0: none. */
  const lineAt = new Int32Array(blockSize);
  const leaving = powerOfBase(blockSize);
  let high = 0;
  let low = 0;
  let slot = 0;
  let line = 0;
  let atLineStart = true;
  let afterCarriageReturn = false;

  const emit = (): void => {
    const started = lineAt[slot] ?? 0;
    if (started === 0) return;
    const hash = high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0');
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    hashes[started - 1] = `${hash}:${count}`;
    lineAt[slot] = 0;
  };

  // hash = hash · 37 + entering − leaving · 37¹⁰⁰ (mod 2⁶⁴), in two 32-bit words: every product stays below 2⁵³.
  const roll = (entering: number): void => {
    const gone = window[slot] ?? 0;
    window[slot] = entering;
    const lowSum = low * base + entering - leaving.low * gone;
    const carry = Math.floor(lowSum / word);
    low = lowSum - carry * word;
    const highSum = high * base + carry - leaving.high * gone;
    high = highSum - Math.floor(highSum / word) * word;
    slot = (slot + 1) % blockSize;
  };

  const read = (code: number): void => {
    if (code === space || code === tab || (afterCarriageReturn && code === lineFeed)) {
      afterCarriageReturn = false;
      return;
    }
    afterCarriageReturn = code === carriageReturn;
    const character = afterCarriageReturn ? lineFeed : code;
    emit();
    if (atLineStart) {
      atLineStart = false;
      line += 1;
      lineAt[slot] = line;
    }
    if (character === lineFeed) atLineStart = true;
    roll(character);
  };

  for (let index = 0; index < text.length; index += 1) read(text.charCodeAt(index));
  read(endOfFile);
  for (let step = 0; step < blockSize; step += 1) {
    emit();
    roll(0);
  }
  return hashes;
}

function powerOfBase(exponent: number): { high: number; low: number } {
  const value = BigInt.asUintN(64, BigInt(base) ** BigInt(exponent));
  return { high: Number(value >> 32n), low: Number(value & 0xffffffffn) };
}
