import fc from 'fast-check';

/** In place of a part of a document: every type, and numbers and names that trip readers. */
const parts: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    Number.MAX_VALUE,
    Number.MAX_SAFE_INTEGER + 1,
    0.1,
    '',
    'x',
    '1',
    '__proto__',
    'constructor',
  ),
  fc.constantFrom<unknown>([], [null], [[]], {}, { x: null }, { length: -1 }, { toString: 1 }),
  fc.string({ maxLength: 8, unit: 'binary' }),
);

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  part: fc.option(parts, { nil: undefined }),
});

/** A valid JSON document of which one to four parts are replaced or, where `part` is undefined, left away. */
export function mutatedJson(corpus: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...corpus), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([seed, changes]) => write(changes.reduce<unknown>(apply, JSON.parse(seed))));
}

/** The whole document may be gone, and that is no JSON. */
function write(document: unknown): string {
  return document === undefined ? 'null' : JSON.stringify(document);
}

interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string;
}

function apply(document: unknown, { at, part }: { at: number; part?: unknown }): unknown {
  const places = placesOf(document);
  const place = places[Math.floor(at * places.length)];
  if (place === undefined) return structuredClone(part);
  const { holder, key } = place;
  if (Array.isArray(holder))
    holder.splice(Number(key), 1, ...(part === undefined ? [] : [structuredClone(part)]));
  else if (part === undefined) Reflect.deleteProperty(holder, key);
  else holder[key] = structuredClone(part);
  return document;
}

function placesOf(node: unknown): Place[] {
  if (typeof node !== 'object' || node === null) return [];
  const holder = node as Place['holder'];
  return Object.entries(node).flatMap(([key, value]) => [{ holder, key }, ...placesOf(value)]);
}
