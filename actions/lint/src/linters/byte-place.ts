/** Line and column of a place that a tool counts in bytes of UTF-8. */
export interface BytePlace {
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

export function bytePlace(text: string, offset: number): BytePlace {
  const before = Buffer.from(text).subarray(0, offset).toString('utf8');
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
