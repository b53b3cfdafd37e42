const configuration = `import js from '@eslint/js';

export default [
  js.configs.recommended,
  { rules: { eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error', 'no-shadow': 'error', complexity: 'error' } },
];
`;

/** A consumer's repository of so many source files of about 80 lines; every tenth has findings of both tools. */
export function repository(files: number): Record<string, string> {
  const sources = Array.from({ length: files }, (_, index): [string, string] => [
    `src/${Math.floor(index / 20)}/${index}.js`,
    source(index) + (index % 10 === 0 ? `export var untidy${index} = { "a":1 }\n` : ''),
  ]);
  return {
    'package.json': '{\n  "private": true,\n  "type": "module"\n}\n',
    'eslint.config.js': configuration,
    '.prettierrc': '{ "singleQuote": true, "printWidth": 110 }\n',
    '.gitignore': 'node_modules\n',
    ...Object.fromEntries(sources),
  };
}

function source(seed: number): string {
  const functions = Array.from({ length: 8 }, (_, index) => {
    const name = `step${seed}x${index}`;
    return `/** Sums what is left of a basket after step ${index}. */
export function ${name}(items, { limit = ${index + 3}, isStrict = false } = {}) {
  const total = items.filter(({ price }) => price > ${seed % 7}).reduce((sum, { price, count }) => sum + price * count, 0);
  if (isStrict && total > limit) {
    throw new RangeError(\`\${total} is more than \${limit}\`);
  }
  const rows = items.map((item, position) => ({ ...item, position, label: item.label ?? 'none' }));
  return { total, rows: rows.toSorted((a, b) => a.position - b.position) };
}
`;
  });
  return functions.join('\n');
}
