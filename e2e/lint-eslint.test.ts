/** ESLint 8, 9 and 10 as consumers have them: configurations of both kinds, monorepos, suppressions, and how it breaks. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { found, makeLintSite, sarifResults, type LintSite } from './support/lint-site.ts';
import { npmProgram } from './support/lint-programs.ts';
import type { BundleResult, BundleRun } from './support/run-bundle.ts';

let site: LintSite;

beforeEach(() => {
  site = makeLintSite();
});
afterEach(() => {
  site.remove();
});

const lint = (run: Partial<BundleRun> = {}): Promise<BundleResult> =>
  site.lint({ ...run, inputs: { linters: 'eslint', ...run.inputs } });
const since = (before: string): Partial<BundleRun> => ({ event: site.consumer.pullRequest(before) });
const flat = (rules: string): string => `module.exports = [{ rules: ${rules} }];\n`;
const ignore = { '.gitignore': 'node_modules\n' };
/** Enough for git to see that a file is the same one under another name. */
const plain = Array.from({ length: 10 }, (_, index) => `alert(${index});\n`).join('');
const odd = ['$(id).js', '-rf.js', 'a b.js', 'nl\nname.js', 'ü.js'];

describe.each([
  [
    '8 with .eslintrc',
    'eslint-8',
    { '.eslintrc.json': '{ "root": true, "rules": { "no-var": 2, "eqeqeq": 1 } }' },
  ],
  [
    '8 with package.json',
    'eslint-8',
    { 'package.json': '{ "eslintConfig": { "rules": { "no-var": 2, "eqeqeq": 1 } } }' },
  ],
  ['8 with eslint.config.js', 'eslint-8', { 'eslint.config.js': flat('{ "no-var": 2, eqeqeq: 1 }') }],
  ['9 with eslint.config.js', 'eslint-9', { 'eslint.config.js': flat('{ "no-var": 2, eqeqeq: 1 }') }],
  ['9 with .eslintrc', 'eslint-9', { '.eslintrc.json': '{ "rules": { "no-var": 2, "eqeqeq": 1 } }' }],
  ['10 with eslint.config.js', 'eslint', { 'eslint.config.js': flat('{ "no-var": 2, eqeqeq: 1 }') }],
] as const)('ESLint %s', (_, release, configuration) => {
  it('tells new from old by content, with levels, in files of any name', async () => {
    site.consumer.install('eslint', release);
    const before = site.consumer.commit({ ...configuration, ...ignore, 'old.js': `${plain}var old = 1;\n` });
    site.consumer.git('mv', 'old.js', 'moved.js');
    site.consumer.commit({
      'moved.js': `// one more line\n${plain}var old = 1;\n`,
      ...Object.fromEntries(odd.map((name) => [name, 'var a = 1;\nif (a == 2) alert(a);\n'])),
    });
    const result = await lint(since(before));
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '10', 'total-count': '11' });
    expect(result.outputs['by-severity']).toBe('{"error":6,"warning":5}');
    expect(found(result)).toEqual(
      [
        'no-var moved.js:12 unchanged',
        ...odd.flatMap((name) => [`eqeqeq ${name}:2 new`, `no-var ${name}:1 new`]),
      ].sort(),
    );
  });

  it('is broken, never clean, when its configuration is', async () => {
    site.consumer.install('eslint', release);
    const [name = '', text = ''] = Object.entries(configuration)[0] ?? [];
    const broken = name.endsWith('.js')
      ? 'throw new Error("on purpose");\n'
      : text.replace('"no-var"', '"no-such/rule"');
    site.consumer.commit({ ...ignore, [name]: broken, 'a.js': 'var a = 1;\n' });
    const result = await lint();
    const isUnknownRule = !name.endsWith('.js');
    // An unknown rule of the old style is a finding in each file; everything else breaks the tool.
    expect(result.outputs.verdict).toBe(isUnknownRule ? 'findings' : 'tool-error');
  });
});

describe('what counts as new', () => {
  const config = { ...ignore, 'eslint.config.js': flat('{ "no-console": 2 }') };
  const log = 'console.log("a");\n';
  beforeEach(() => {
    site.consumer.install('eslint');
  });

  it('is a second identical line, and not the first one moved or indented', async () => {
    const before = site.consumer.commit({ ...config, 'a.js': log });
    site.consumer.commit({ 'a.js': `// above\n{\n  ${log}}\n` });
    expect((await lint(since(before))).outputs).toMatchObject({ verdict: 'pass', 'new-count': '0' });
    site.consumer.commit({ 'a.js': `${log}${log}` });
    const result = await lint(since(before));
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '1', 'total-count': '2' });
  });

  it('is told apart in a merge queue and with `base`, and not asked on a push', async () => {
    const before = site.consumer.commit({ ...config, 'a.js': log });
    site.consumer.commit({ 'b.js': log });
    const queue = { name: 'merge_group', payload: { merge_group: { base_sha: before, head_sha: 'x' } } };
    expect((await lint({ event: queue })).outputs).toMatchObject({ 'new-count': '1', 'total-count': '1' });
    const push = await lint();
    expect(push.outputs).toMatchObject({ verdict: 'findings', 'new-count': '2' });
    const named = await lint({ inputs: { base: before, 'new-only': 'true' } });
    expect(named.outputs).toMatchObject({ verdict: 'findings', 'new-count': '1', 'total-count': '2' });
    site.consumer.commit({ 'b.js': '// gone\n' });
    const mended = await lint({ inputs: { base: before, 'new-only': 'true' } });
    expect(mended.outputs).toMatchObject({ verdict: 'pass', 'new-count': '0', 'total-count': '1' });
  });

  it('is the same for a fork and for Dependabot, whose tokens may not write', async () => {
    const before = site.consumer.commit({ ...config, 'a.js': log });
    site.consumer.commit({ 'b.js': log });
    for (const env of [{}, { GITHUB_ACTOR: 'dependabot[bot]' }]) {
      const result = await lint({ ...since(before), inputs: { annotations: 'auto', comment: 'auto' }, env });
      expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '1' });
      expect(result.errors).toHaveLength(2);
    }
  });

  it("is refused under pull_request_target with the stranger's code checked out", async () => {
    const before = site.consumer.commit(config);
    site.consumer.commit({ 'b.js': log });
    const { payload } = site.consumer.pullRequest(before);
    const result = await lint({
      event: { name: 'pull_request_target', payload },
      env: { GITHUB_SHA: before },
    });
    expect(result.errors).toEqual([expect.stringMatching(/^E_UNSAFE_EVENT: /)]);
  });

  it('compares suppressions in step: one more violation is one new finding', async () => {
    const suppressions = (count: number): string => JSON.stringify({ 'a.js': { 'no-console': { count } } });
    const before = site.consumer.commit({
      ...config,
      'a.js': 'console.log(1);\nconsole.log(2);\n',
      'eslint-suppressions.json': suppressions(2),
    });
    expect((await lint()).outputs).toMatchObject({ verdict: 'pass', 'total-count': '0' });
    site.consumer.commit({ 'a.js': 'console.log(1);\nconsole.log(2);\nconsole.log(3);\n' });
    const result = await lint(since(before));
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '1', 'total-count': '3' });
  });

  it('passes with suppressions that nothing needs any more, and says how to prune them', async () => {
    site.consumer.commit({
      ...config,
      'a.js': 'export {};\n',
      'eslint-suppressions.json': JSON.stringify({ 'a.js': { 'no-console': { count: 2 } } }),
    });
    const result = await lint();
    expect(result.outputs.verdict).toBe('pass');
    expect(result.summary).toContain('--prune-suppressions');
  });
});

describe('thresholds', () => {
  it.each([
    ['error', '', 'pass'],
    ['warning', '', 'findings'],
    ['none', '', 'pass'],
    ['error', '3', 'pass'],
    ['error', '2', 'findings'],
    ['none', '2', 'findings'],
  ])('fail-on: %s, max-warnings: %j give %s for three warnings', async (failOn, most, verdict) => {
    site.consumer.install('eslint');
    site.consumer.commit({
      ...ignore,
      'eslint.config.js': flat('{ "no-var": 1 }'),
      'a.js': 'var a;\nvar b;\nvar c;\n',
    });
    const result = await lint({ inputs: { 'fail-on': failOn, 'max-warnings': most } });
    expect(result.outputs).toMatchObject({ verdict, 'by-severity': '{"warning":3}' });
  });
});

describe('a monorepo', () => {
  const packages = {
    ...ignore,
    'package.json': '{ "private": true, "workspaces": ["packages/*"] }\n',
    'eslint.config.js': flat('{ "no-debugger": 2 }'),
    'root.js': 'debugger;\nvar a = 1;\n',
    'packages/eight/.eslintrc.json': '{ "root": true, "rules": { "no-var": 2 } }\n',
    'packages/eight/a b.js': 'debugger;\nvar a = 1;\n',
    'packages/nine/eslint.config.js': flat('{ eqeqeq: 2 }'),
    'packages/nine/src/a.js': 'debugger;\nvar a = 1 == 2;\n',
    'packages/broken/eslint.config.js': 'throw new Error("nested and broken");\n',
    'packages/broken/a.js': 'debugger;\n',
    'packages/plain/a.js': 'debugger;\n',
  };
  beforeEach(() => {
    site.consumer.install('eslint');
    site.consumer.install('eslint', 'eslint-8', 'packages/eight');
    site.consumer.install('eslint', 'eslint-9', 'packages/nine');
  });

  it('lints a working directory by the configuration above it', async () => {
    site.consumer.commit(packages);
    const result = await lint({ inputs: { linters: 'auto', 'working-directory': 'packages/plain' } });
    expect(result).toMatchObject({ code: 1, outputs: { verdict: 'findings' } });
    expect(found(result)).toEqual(['no-debugger packages/plain/a.js:1']);
  });

  it('has each folder linted by its own release and configuration; the broken one breaks alone', async () => {
    site.consumer.commit(packages);
    const result = await lint();
    expect(result.outputs.verdict).toBe('tool-error');
    expect(result.errors.at(-1)).toMatch(/eslint \(packages\/broken\).*nested and broken/);
    expect(found(result)).toEqual([
      'eqeqeq packages/nine/src/a.js:2',
      'no-debugger packages/plain/a.js:1',
      'no-debugger root.js:1',
      'no-var packages/eight/a b.js:2',
    ]);
    expect(Object.keys(sarifResults(result))).toEqual([
      'lint-eslint-packages-eight.sarif',
      'lint-eslint-packages-nine.sarif',
      'lint-eslint.sarif',
    ]);
  });

  it('gives the same for the changed files alone, and the broken folder is only asked when it changed', async () => {
    const before = site.consumer.commit({
      ...packages,
      'packages/eight/a b.js': '',
      'packages/nine/src/a.js': '',
    });
    site.consumer.commit({
      'packages/eight/a b.js': packages['packages/eight/a b.js'],
      'packages/nine/src/a.js': packages['packages/nine/src/a.js'],
    });
    const result = await lint(since(before));
    expect(result.outputs.verdict).toBe('findings');
    expect(found(result)).toEqual([
      'eqeqeq packages/nine/src/a.js:2 new',
      'no-var packages/eight/a b.js:2 new',
    ]);
  });

  it('is linted below `working-directory` alone', async () => {
    site.consumer.commit(packages);
    const result = await lint({ inputs: { 'working-directory': 'packages/nine' } });
    expect(found(result)).toEqual(['eqeqeq packages/nine/src/a.js:2']);
  });
});

describe('how it breaks', () => {
  const config = { ...ignore, 'eslint.config.js': flat('{ "no-var": 2 }'), 'a.js': 'var a = 1;\n' };

  it.each([
    ['exits with 0', 'process.exit(0);'],
    ['exits with 1', 'process.exit(1);'],
    ['is killed', 'process.kill(process.pid, "SIGKILL");'],
    ['runs out of memory', 'const a = []; for (;;) a.push(new Array(1e6).fill("x"));'],
    [
      'prints a report of its own and exits',
      'console.log(JSON.stringify({ results: [] })); process.exit(0);',
    ],
  ])('a configuration that %s is a tool error', async (_, statement) => {
    site.consumer.install('eslint');
    site.consumer.commit({ ...config, 'eslint.config.js': `${statement}\n${flat('{}')}` });
    const result = await lint({ env: { NODE_OPTIONS: '--max-old-space-size=128' } });
    expect(result.outputs.verdict).toBe('tool-error');
    expect(result.code).toBe(1);
  });

  it('a rule that crashes on one file is a tool error and hides nothing of the others', async () => {
    site.consumer.install('eslint');
    const rule =
      '{ create: (c) => ({ Program() { if (c.filename.endsWith("bad.js")) throw new Error("rule crashed"); } }) }';
    site.consumer.commit({
      ...config,
      'eslint.config.js': `module.exports = [{ plugins: { x: { rules: { y: ${rule} } } }, rules: { 'x/y': 2 } }];\n`,
      'bad.js': 'a;\n',
    });
    const result = await lint();
    expect(result.outputs.verdict).toBe('tool-error');
    expect(result.errors.at(-1)).toContain('rule crashed');
  });

  it('a file that does not parse is a finding with its line', async () => {
    site.consumer.install('eslint');
    site.consumer.commit({ ...config, 'bad.js': 'a;\nconst = 1;\n' });
    const result = await lint();
    expect(found(result)).toEqual(['no-var a.js:1', 'parse-error bad.js:2']);
  });
});

describe('where ESLint comes from', () => {
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  const registry = certificates === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificates };
  const config = { ...ignore, 'eslint.config.js': flat('{ "no-var": 2 }'), 'a.js': 'var a = 1;\n' };

  it('is an exact version installed aside, with scripts off, when the repository has none', async () => {
    site.consumer.commit(config);
    const result = await lint({ inputs: { 'eslint-version': '9.39.5' }, env: registry });
    expect(found(result)).toEqual(['no-var a.js:1']);
    expect(result.summary).toContain('9.39.5');
    expect(existsSync(join(site.consumer.dir, 'node_modules'))).toBe(false);
  });

  it('is told when the version does not exist', async () => {
    site.consumer.commit(config);
    const result = await lint({ inputs: { 'eslint-version': '9.999.0' }, env: registry });
    expect(result.outputs.verdict).toBe('tool-error');
    expect(result.errors.at(-1)).toContain('cannot be installed');
  });

  it("is Plug'n'Play's", async () => {
    const files = {
      ...config,
      'package.json': '{ "private": true, "devDependencies": { "eslint": "9.39.5" } }\n',
      '.yarnrc.yml': 'enableGlobalCache: false\nenableTelemetry: false\nenableScripts: false\n',
      '.gitignore': '.yarn\n',
      'yarn.lock': '',
    };
    site.consumer.commit(files);
    const yarn = join(npmProgram('@yarnpkg/cli-dist'), '@yarnpkg/cli-dist/bin/yarn.js');
    // Under CI Yarn refuses to write the lockfile that this repository does not have yet.
    execFileSync(process.execPath, [yarn, 'install', '--no-immutable'], {
      cwd: site.consumer.dir,
      stdio: 'pipe',
    });
    const before = site.consumer.commit({ 'readme.md': 'installed\n' });
    site.consumer.commit({ 'b.js': 'var b = 1;\n', 'a.js': '// moved\nvar a = 1;\n' });
    const result = await lint(since(before));
    expect(found(result)).toEqual(['no-var a.js:2 unchanged', 'no-var b.js:1 new']);
  });
});
