/** Every SARIF file that lint writes, before Microsoft's validator; and a summary larger than GitHub takes. */
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { npmProgram, pythonPrograms } from './support/lint-programs.ts';
import { makeLintSite, sarifResults, type LintSite } from './support/lint-site.ts';
import type { BundleResult } from './support/run-bundle.ts';

const execute = promisify(execFile);
let site: LintSite;
let validator: string;
let python: string;

beforeAll(() => {
  const packages = join(npmProgram('@microsoft/sarif-multitool'), '@microsoft/sarif-multitool-linux');
  validator = join(packages, 'Sarif.Multitool');
  chmodSync(validator, 0o755);
  python = pythonPrograms();
}, 600_000);
beforeEach(() => {
  site = makeLintSite();
  site.consumer.install('eslint');
  site.consumer.install('prettier');
});
afterEach(() => {
  site.remove();
});

interface Complaint {
  readonly ruleId: string;
  readonly level?: string;
  readonly message: { readonly arguments?: readonly string[] };
}

/** What the validator holds against a folder of SARIF files, errors only. */
async function errors(result: BundleResult): Promise<string[]> {
  const dir = result.outputs.sarif ?? '';
  const complaints: string[] = [];
  for (const name of readdirSync(dir)) {
    const output = join(site.temp, `validated-${name}`);
    const options = ['--output', output, '--log', 'ForceOverwrite', '--level', 'Error', '--kind', 'Fail'];
    await execute(validator, ['validate', join(dir, name), ...options], {
      maxBuffer: 64 * 1024 * 1024,
      env: { PATH: process.env.PATH, HOME: site.temp, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
    }).catch((error: unknown) => {
      complaints.push(`${name}: ${String(error)}`);
    });
    const log = JSON.parse(readFileSync(output, 'utf8').replace(/^\uFEFF/, '')) as {
      runs: { results?: Complaint[] }[];
    };
    for (const { ruleId, level, message } of log.runs.flatMap(({ results }) => results ?? []))
      if (level === 'error') complaints.push(`${name}: ${ruleId} ${(message.arguments ?? []).join(' ')}`);
  }
  return complaints;
}

const base = {
  'package.json': '{ "private": true }\n',
  '.gitignore': 'node_modules\n',
  '.prettierrc': '{}\n',
  'eslint.config.js': 'module.exports = [{ rules: { "no-var": 2, eqeqeq: 1 } }];\n',
  'pyproject.toml': '[tool.ruff.lint]\nselect = ["ALL"]\n[tool.ruff.format]\n[tool.black]\n',
};
const env = (): Record<string, string> => ({ PATH: `${python}:${process.env.PATH ?? ''}` });

describe('SARIF', () => {
  it('is valid for every tool, for files of any name, with and without a baseline', async () => {
    const names = ['$(id)', '-rf', 'a b', 'nl\nname', 'ü', 'per%cent', 'back\\slash', 'q?#', '😀'];
    const before = site.consumer.commit({ ...base, 'old.js': 'var old = 1\n' });
    site.consumer.commit({
      ...Object.fromEntries(
        names.map((name) => [`src/${name}.js`, 'var a = 1\nif (a == 2) alert("\u0007")\n']),
      ),
      ...Object.fromEntries(names.map((name) => [`src/${name}.py`, 'import os\nx = { "a":1 }\n'])),
      'broken.js': 'const = ;\n',
    });
    const compared = await site.lint({ event: site.consumer.pullRequest(before), env: env() });
    const whole = await site.lint({ env: env() });
    for (const result of [compared, whole]) {
      const files = sarifResults(result);
      expect(Object.keys(files)).toEqual(
        ['black', 'eslint', 'prettier', 'ruff-format', 'ruff'].map((tool) => `lint-${tool}.sarif`),
      );
      for (const results of Object.values(files)) expect(results.length).toBeGreaterThanOrEqual(names.length);
      expect(await errors(result)).toEqual([]);
    }
  }, 300_000);

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
