import { describe, expect, it } from '@jest/globals';
import { configurationImports } from './configuration-imports.ts';

function importsOf(files: Readonly<Record<string, string>>, configuration: string): string[] {
  const found = configurationImports([configuration], (path) => files[path]);
  return Object.keys(files).filter((path) => found.has(path));
}

describe('configurationImports', () => {
  it.each([
    ["import rules from './rules.js';", 'rules.js'],
    ['import {\n  a,\n  b,\n} from "./tools/rules.mjs"', 'tools/rules.mjs'],
    ["import './setup.js'", 'setup.js'],
    ["export * from './rules'", 'rules.ts'],
    ["const rules = require('./rules');", 'rules/index.js'],
    ["require.resolve('./parser.cjs')", 'parser.cjs'],
    ['await import(`./rules.js`)', 'rules.js'],
    ["import rules from './rules.js'", 'rules.ts'],
  ])('%s brings in %s', (text, path) => {
    expect(importsOf({ 'eslint.config.js': text, [path]: '' }, 'eslint.config.js')).toEqual([path]);
  });

  it.each([
    ['.eslintrc.json', '{ "extends": ["eslint:recommended", "./base.json"] }'],
    ['.eslintrc.yml', 'extends:\n  - eslint:recommended\n  - ./base.json\nrules: {}\n'],
    ['.eslintrc', '{ "extends": "./base.json" }'],
    ['biome.json', '{ "extends": ["./base.json"] }'],
    ['package.json', '{ "main": "./index.js", "prettier": "./base.json" }'],
    ['ruff.toml', 'extend = "./base.json"\n'],
  ])('%s extends a file beside it', (name, text) => {
    const files = { [name]: text, 'base.json': '{}', 'index.js': '' };
    expect(importsOf(files, name)).toEqual(['base.json']);
  });

  it('follows what is brought in, above its folder too, once', () => {
    const files = {
      'packages/a/eslint.config.ts': "import a from '../../tools/a.ts';",
      'tools/a.ts': "import b from './b.ts';",
      'tools/b.ts': "import a from './a.ts';",
      'tools/c.ts': '',
    };
    expect(importsOf(files, 'packages/a/eslint.config.ts')).toEqual(['tools/a.ts', 'tools/b.ts']);
  });

  it('names what is gone too, and nothing outside of the repository or of a package', () => {
    const text = "import a from './gone.js'; import b from '../../x.js'; import c from 'plugin';";
    const found = configurationImports(['a/eslint.config.js'], (path) =>
      path === 'a/eslint.config.js' ? text : undefined,
    );
    expect(found.has('a/gone.js')).toBe(true);
    expect([...found].filter((path) => !path.startsWith('a/gone.js'))).toEqual(['a/gone.ts']);
  });
});
