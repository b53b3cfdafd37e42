import fc from 'fast-check';

/** Text that parsers trip over: numbers at their limits, prototypes, markup, control and combining characters. */
const awkward = [
  ...['', '\0', '\n', '\r\n', '\t', ' ', '\u200b', '\u202e', '\ufeff', '\ud800', 'e\u0301', '😀'],
  ...['0', '-1', '1e309', '-0', 'NaN', '9007199254740993', '0x1F', '1_000', '.inf', '00'],
  ...['null', '~', 'true', 'yes', '[]', '{}', '""', "''", '[', '{', '"', "'", '`', '\\', '\\u0000'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'],
  ...[
    ': ',
    '- ',
    '? ',
    '&a ',
    '*a',
    '<<: ',
    '!!binary ',
    '!!js/function ',
    '|',
    '>',
    '%',
    '@',
    '---\n',
    '...\n',
  ],
  ...[
    '::error::',
    '##[add-mask]',
    '<script>',
    '](javascript:',
    '${{ github.token }}',
    '$(id)',
    '../',
    '/etc/passwd',
  ],
];

type Edit =
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  | { readonly kind: 'delete'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }
  | { readonly kind: 'replace'; readonly at: number; readonly length: number; readonly text: string };

const at = fc.double({ min: 0, max: 1, noNaN: true });
const length = fc.integer({ min: 1, max: 40 });
const text = fc.oneof(fc.constantFrom(...awkward), fc.string({ maxLength: 8, unit: 'binary' }));
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), at, text }),
  fc.record({ kind: fc.constant('delete' as const), at, length }),
  fc.record({ kind: fc.constant('repeat' as const), at, length, times: fc.integer({ min: 2, max: 50 }) }),
  fc.record({ kind: fc.constant('replace' as const), at, length, text }),
);

/** A valid text with one to six edits, or a text of nothing but awkward parts. */
export function mutated(corpus: readonly string[]): fc.Arbitrary<string> {
  const edited = fc
    .tuple(fc.constantFrom(...corpus), fc.array(edit, { minLength: 1, maxLength: 6 }))
    .map(([seed, edits]) => edits.reduce(apply, seed));
  const noise = fc.array(text, { maxLength: 12 }).map((parts) => parts.join(''));
  return fc.oneof({ weight: 9, arbitrary: edited }, { weight: 1, arbitrary: noise });
}

function apply(before: string, change: Edit): string {
  const from = Math.floor(change.at * before.length);
  const head = before.slice(0, from);
  switch (change.kind) {
    case 'insert':
      return head + change.text + before.slice(from);
    case 'delete':
      return head + before.slice(from + change.length);
    case 'repeat':
      return head + before.slice(from, from + change.length).repeat(change.times) + before.slice(from);
    case 'replace':
      return head + change.text + before.slice(from + change.length);
  }
}
