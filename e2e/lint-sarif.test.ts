/** Every SARIF file that lint writes, before Microsoft's validator; and a summary larger than GitHub takes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { linters } from '../actions/lint/src/linters/table.ts';
import { installTools } from '../rig/install/install.ts';
import { npmProgram, pythonPrograms } from './support/lint-programs.ts';
import { makeLintSite, sarifResults, type LintSite } from './support/lint-site.ts';
import type { BundleResult } from './support/run-bundle.ts';
import { sarifErrors } from './support/validate-sarif.ts';

let site: LintSite;
let path: string;

beforeAll(async () => {
  const tools = await installTools(['helm', 'kubeconform', 'actionlint'], {
    log: (line) => process.stderr.write(`${line}\n`),
  });
  path = [pythonPrograms(), ...tools.values(), process.env.PATH ?? ''].join(':');
}, 600_000);
beforeEach(() => {
  site = makeLintSite();
  site.consumer.install('eslint');
  site.consumer.install('prettier');
});
afterEach(() => {
  site.remove();
});

const errors = (result: BundleResult): Promise<string[]> => sarifErrors(result.outputs.sarif ?? '');

const base = {
  'package.json': '{ "private": true }\n',
  '.gitignore': 'node_modules\n',
  '.prettierrc': '{}\n',
  'eslint.config.js': 'module.exports = [{ rules: { "no-var": 2, eqeqeq: 1 } }];\n',
  'pyproject.toml': '[tool.ruff.lint]\nselect = ["ALL"]\n[tool.ruff.format]\n[tool.black]\n',
};
const widgetSchema = { type: 'object', properties: { spec: { type: 'object', required: ['size'] } } };
const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\nspec: {}\n';
const workflow =
  'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ nope.new }}\n';
const env = (): Record<string, string> => ({ PATH: path });

describe('SARIF', () => {
  it('is valid for every tool, for files of any name, with and without a baseline', async () => {
    const names = ['$(id)', '-rf', 'a b', 'nl\nname', 'ü', 'per%cent', 'back\\slash', 'q?#', '😀'];
    // Each is rendered by processes of its own: a few will do.
    const charts = names.slice(2, 5);
    const each = (
      file: (name: string) => string,
      text: string,
      of: readonly string[] = names,
    ): Record<string, string> => Object.fromEntries(of.map((name) => [file(name), text]));
    site.link(npmProgram('@biomejs/biome'), '@biomejs/biome');
    site.link(npmProgram('oxlint'), 'oxlint');
    site.link(npmProgram('oxlint'), '@oxlint');
    const before = site.consumer.commit({
      ...base,
      'biome.json': '{}\n',
      '.oxlintrc.json': '{ "rules": { "eqeqeq": "error" } }\n',
      '.kubeconform/widget-example-v1.json': JSON.stringify(widgetSchema),
      'old.js': 'var old = 1\n',
    });
    site.consumer.commit({
      ...each((name) => `src/${name}.js`, 'var a = 1\nif (a == 2) alert("\u0007")\n'),
      ...each((name) => `src/${name}.py`, 'import os\nx = { "a":1 }\n'),
      ...each((name) => `deploy/${name}.yaml`, widget),
      ...each((name) => `.github/workflows/${name}.yml`, workflow),
      ...each((name) => `charts/${name}/Chart.yaml`, 'apiVersion: v2\nname: shop\nversion: 0.1.0\n', charts),
      'broken.js': 'const = ;\n',
    });
    const compared = await site.lint({ event: site.consumer.pullRequest(before), env: env() });
    const whole = await site.lint({ env: env() });
    for (const result of [compared, whole]) {
      const files = Object.entries(sarifResults(result));
      for (const { name: tool } of linters) {
        const results = files.filter(([file]) =>
          new RegExp(`^lint-${tool}(-charts-.*)?\\.sarif$`).test(file),
        );
        const count = results.flatMap(([, items]) => items).length;
        const least = tool === 'helm-lint' ? charts.length : names.length;
        expect([tool, count >= least]).toEqual([tool, true]);
      }
      expect(await errors(result)).toEqual([]);
    }
  }, 600_000);

  it('is valid and empty when clean, and holds 5,000 of 5,001 results with a note', async () => {
    site.consumer.commit({ ...base, '.prettierignore': '*\n' });
    const clean = await site.lint({ inputs: { linters: 'eslint' } });
    expect(Object.values(sarifResults(clean))).toEqual([[]]);
    expect(await errors(clean)).toEqual([]);
    site.consumer.commit({ 'a.js': 'var a;\n'.repeat(5_001) });
    const many = await site.lint({ inputs: { linters: 'eslint' } });
    expect(many.outputs['total-count']).toBe('5001');
    expect(sarifResults(many)['lint-eslint.sarif']).toHaveLength(5_000);
    const file = readFileSync(join(many.outputs.sarif ?? '', 'lint-eslint.sarif'), 'utf8');
    expect(file).toContain('1 of 5001 results are left out');
    expect(await errors(many)).toEqual([]);
  }, 300_000);
});

describe('the validator', () => {
  it('does refuse what is wrong', async () => {
    site.consumer.commit({ ...base, 'a.js': 'var a;\n' });
    const result = await site.lint({ inputs: { linters: 'eslint' } });
    const file = join(result.outputs.sarif ?? '', 'lint-eslint.sarif');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"startLine": 1', '"startLine": 0'));
    expect((await errors(result)).join()).toContain('JSON1008');
  });
});

describe('the summary', () => {
  it('is cut below what GitHub takes and says so, while the report holds everything', async () => {
    // A message of two kilobytes, a thousand times: more than a summary may hold.
    const rule = `{ create: (c) => ({ Identifier(node) { c.report({ node, message: 'ü'.repeat(1000) }); } }) }`;
    site.consumer.commit({
      ...base,
      'eslint.config.js': `module.exports = [{ files: ['a.js'], plugins: { x: { rules: { y: ${rule}, z: ${rule} } } }, rules: { 'x/y': 2, 'x/z': 1 } }];\n`,
      'a.js': Array.from({ length: 1_000 }, (_, index) => `a${index};\n`).join(''),
    });
    const result = await site.lint({ inputs: { linters: 'eslint' } });
    expect(result.outputs['total-count']).toBe('2000');
    const bytes = Buffer.byteLength(result.summary);
    expect(bytes).toBeGreaterThan(500_000);
    expect(bytes).toBeLessThan(1_000_000);
    expect(result.summary).toMatch(/Showing \d+ of 1000; the JSON report holds them all/);
    const report = JSON.parse(readFileSync(result.outputs.report ?? '', 'utf8')) as { findings: unknown[] };
    expect(report.findings).toHaveLength(2_000);
  });
});
