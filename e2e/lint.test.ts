import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeConsumer, type Consumer } from './support/consumer.ts';
import { runBundle, type BundleResult, type BundleRun } from './support/run-bundle.ts';

let consumer: Consumer;
let temp: string;

beforeEach(() => {
  consumer = makeConsumer();
  temp = mkdtempSync(join(tmpdir(), 'gd-lint-'));
});
afterEach(() => {
  consumer.remove();
  rmSync(temp, { recursive: true, force: true });
});

const token = 'ghs_canary0123456789';

function lint(run: Partial<BundleRun> = {}): Promise<BundleResult> {
  return runBundle({
    action: 'lint',
    cwd: consumer.dir,
    ...run,
    inputs: { 'github-token': token, annotations: 'commands', ...run.inputs },
    env: {
      RUNNER_TEMP: temp,
      GITHUB_TOKEN: token,
      ACTIONS_RUNTIME_TOKEN: 'rt-canary-9876543210',
      ...run.env,
    },
  });
}

interface SarifFile {
  runs: {
    results: {
      ruleId: string;
      baselineState?: string;
      locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
    }[];
  }[];
}

function sarif(result: BundleResult): Record<string, SarifFile['runs'][0]['results']> {
  const dir = result.outputs.sarif ?? '';
  return Object.fromEntries(
    readdirSync(dir).map((name) => [
      name,
      (JSON.parse(readFileSync(join(dir, name), 'utf8')) as SarifFile).runs[0]?.results ?? [],
    ]),
  );
}

const config = `export default [{ rules: { 'no-unused-vars': 'error', eqeqeq: 'error', 'no-var': 'warn' } }];\n`;
const base = {
  'package.json': '{\n  "private": true,\n  "type": "module"\n}\n',
  'eslint.config.js': config,
  '.prettierrc': '{ "singleQuote": true, "printWidth": 120 }\n',
  '.gitignore': 'node_modules\n',
  'old.js': 'const lonely = 1;\nexport const same = lonelyToo == 2;\n',
};

describe('lint', () => {
  beforeEach(() => {
    consumer.install('eslint');
    consumer.install('prettier');
  });

  it('fails on what the pull request adds and lets through what was there', async () => {
    const before = consumer.commit(base);
    consumer.git('mv', 'old.js', 'renamed.js');
    consumer.commit({
      'renamed.js': `// moved\n\n  ${base['old.js']}`,
      'fresh.js': 'const unused = 1;\n',
    });
    const result = await lint({ event: consumer.pullRequest(before) });
    expect(result.code).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'findings' });
    const files = sarif(result);
    expect(Object.keys(files).sort()).toEqual(['lint-eslint.sarif', 'lint-prettier.sarif']);
    const states = (files['lint-eslint.sarif'] ?? []).map((item) => [
      item.ruleId,
      item.locations[0]?.physicalLocation.artifactLocation.uri,
      item.baselineState,
    ]);
    expect(states.sort()).toEqual([
      ['eqeqeq', 'renamed.js', 'unchanged'],
      ['no-unused-vars', 'fresh.js', 'new'],
      ['no-unused-vars', 'renamed.js', 'unchanged'],
    ]);
    expect(result.errors[0]).toContain("'unused' is assigned a value but never used");
    expect(result.summary).toContain('## ❌ Lint: findings');
    expect(consumer.git('worktree', 'list').split('\n')).toHaveLength(1);
  });

  it('takes any file name for what it is', async () => {
    const before = consumer.commit(base);
    const names = ['$(id).js', '-rf.js', 'a b.js', 'nl\nname.js', 'ü.js'];
    consumer.commit(Object.fromEntries(names.map((name) => [name, 'const unused = "x";\n'])));
    const result = await lint({ event: consumer.pullRequest(before) });
    expect(result.outputs['new-count']).toBe('10');
    for (const results of Object.values(sarif(result))) {
      const paths = results.map((item) =>
        decodeURIComponent(item.locations[0]?.physicalLocation.artifactLocation.uri ?? ''),
      );
      expect(paths.sort()).toEqual([...names].sort());
    }
  });

  it('lints every file when the configuration changes, and calls what it newly finds old', async () => {
    const before = consumer.commit(base);
    consumer.commit({ 'eslint.config.js': config.replace("'no-var'", "'no-undef': 'error', 'no-var'") });
    const result = await lint({ event: consumer.pullRequest(before) });
    expect(result.outputs).toMatchObject({ verdict: 'pass', 'new-count': '0' });
    expect((sarif(result)['lint-eslint.sarif'] ?? []).map((item) => item.ruleId)).toContain('no-undef');
  });

  it('does the same when a file changes that the configuration imports, by way of another one', async () => {
    const before = consumer.commit({
      ...base,
      'eslint.config.js': "import rules from './lint/index.js';\n\nexport default [{ rules }];\n",
      'lint/index.js': "export { default } from './rules.js';\n",
      'lint/rules.js': "export default { 'no-var': 'error' };\n",
    });
    consumer.commit({ 'lint/rules.js': "export default { 'no-unused-vars': 'error' };\n" });
    const result = await lint({ event: consumer.pullRequest(before), inputs: { linters: 'eslint' } });
    expect(result.outputs).toMatchObject({ verdict: 'pass', 'new-count': '0', 'total-count': '1' });
  });

  it('fails on what the pull request adds to a configuration itself', async () => {
    const before = consumer.commit({ ...base, 'old.js': '' });
    const added = `var added = 1;\n${config}`;
    consumer.commit({ 'eslint.config.js': added.replace("'warn'", "'error'") });
    const result = await lint({ event: consumer.pullRequest(before), inputs: { linters: 'eslint' } });
    expect(result.outputs.verdict).toBe('findings');
    expect(result.errors.join()).toContain('Unexpected var');
  });

  it('passes on a clean push with an empty result for each tool', async () => {
    consumer.commit({ ...base, 'old.js': 'export const fine = 1;\n' });
    const result = await lint();
    expect(result.outputs).toMatchObject({ verdict: 'pass', 'total-count': '0' });
    expect(result.code).toBe(0);
    expect(sarif(result)).toEqual({ 'lint-eslint.sarif': [], 'lint-prettier.sarif': [] });
  });

  it("leaves to the root's .prettierignore what a package with a Prettier of its own holds", async () => {
    consumer.install('prettier', 'prettier', 'packages/own');
    consumer.commit({
      ...base,
      '.prettierignore': 'packages/own/made/\nold.js\n',
      'packages/own/made/a.js': 'x = "1"\n',
      'packages/own/b.js': 'x = "1"\n',
    });
    const result = await lint({ inputs: { linters: 'prettier' } });
    const places = Object.values(sarif(result)).flatMap((items) =>
      items.map((item) => item.locations[0]?.physicalLocation.artifactLocation.uri),
    );
    expect(places).toEqual(['packages/own/b.js']);
  });

  it('calls a broken configuration a tool error, still reports the others, and writes no empty SARIF for it', async () => {
    consumer.commit({
      ...base,
      'eslint.config.js': 'throw new Error("broken on purpose");\n',
      'a.js': 'x = "1"\n',
    });
    const result = await lint();
    expect(result.code).toBe(1);
    expect(result.outputs.verdict).toBe('tool-error');
    expect(result.errors.at(-1)).toMatch(/^E_TOOL: .*broken on purpose/);
    expect(Object.keys(sarif(result))).toEqual(['lint-prettier.sarif']);
    expect(sarif(result)['lint-prettier.sarif']).not.toEqual([]);
  });

  it('calls everything new, never old, when the tool does not run on the base', async () => {
    const before = consumer.commit(base);
    consumer.commit({
      'rules.json': '{ "no-unused-vars": "error" }\n',
      'eslint.config.js':
        "import fs from 'node:fs';\n\nconst rules = JSON.parse(fs.readFileSync(new URL('rules.json', import.meta.url), 'utf8'));\n\nexport default [{ rules }];\n",
    });
    const result = await lint({ event: consumer.pullRequest(before) });
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '1' });
    expect(result.commands.map((command) => command.message).join('\n')).toContain(
      'does not run on the merge base',
    );
  });

  it('gives a configuration that prints its environment no token to print', async () => {
    consumer.commit({
      ...base,
      'eslint.config.js': `console.log(JSON.stringify(process.env)); console.error(JSON.stringify(process.env));\nimport fs from 'node:fs';\nfs.writeFileSync(${JSON.stringify(join(temp, 'seen.json'))}, JSON.stringify(process.env));\n${config}`,
      '.prettierignore': '*.js\n',
    });
    const result = await lint();
    const seen = readFileSync(join(temp, 'seen.json'), 'utf8');
    expect(seen).toContain('"PATH"');
    for (const secret of [token, 'rt-canary-9876543210']) {
      expect(seen).not.toContain(secret);
      expect(result.log + result.summary + JSON.stringify(result.outputs)).not.toContain(secret);
      expect(readFileSync(result.outputs.report ?? '', 'utf8')).not.toContain(secret);
    }
    expect(result.outputs['total-count']).toBe('2');
  });

  it('ends a linter that never ends, with everything it started', async () => {
    const pids = join(temp, 'pids');
    consumer.commit({
      ...base,
      'eslint.config.js': `import { spawn } from 'node:child_process';\nimport fs from 'node:fs';\nconst child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });\nfs.writeFileSync(${JSON.stringify(pids)}, process.pid + ' ' + child.pid);\nawait new Promise(() => setInterval(() => {}, 1000));\nexport default [];\n`,
    });
    // On a busy machine ESLint may not even have read its configuration in the shortest of these.
    for (const timeout of ['3s', '12s', '48s']) {
      const result = await lint({ inputs: { timeout, linters: 'eslint' } });
      expect(result.outputs.verdict).toBe('tool-error');
      expect(result.errors.at(-1)).toContain('did not end in time');
      if (existsSync(pids)) break;
    }
    for (const pid of readFileSync(pids, 'utf8').split(' ')) expect(isRunning(pid)).toBe(false);
  });

  it('puts a workflow command in a message where it is only text', async () => {
    consumer.commit({ ...base, 'old.js': 'const a = 1;\n// ::set-output name=x::y\n' });
    writeFileSync(join(consumer.dir, '::warning::owned.js'), 'const b = 1;\n');
    const result = await lint();
    expect(result.commands.filter((command) => command.message === 'owned.js')).toEqual([]);
  });
});

/** A killed process may stay listed until its parent has asked for its end; then its state is Z. */
function isRunning(pid: string): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}

describe('lint without what it needs', () => {
  it('says what to run when ESLint is not installed', async () => {
    consumer.commit(base);
    const result = await lint({ inputs: { linters: 'eslint' } });
    expect(result.outputs.verdict).toBe('tool-error');
    expect(result.errors.at(-1)).toContain('npm ci');
  });

  it('is skipped when the repository has no configuration of a linter', async () => {
    consumer.commit({ 'readme.md': 'hello\n' });
    const result = await lint();
    expect(result.code).toBe(0);
    expect(result.outputs.verdict).toBe('skipped');
  });

  it('refuses a pull request whose base cannot be found', async () => {
    consumer.commit(base);
    const result = await lint({ event: consumer.pullRequest('1'.repeat(40)) });
    expect(result.code).toBe(1);
    expect(result.errors).toEqual([expect.stringMatching(/^E_NO_BASE: /)]);
  });

  it.each([
    ['linters', 'eslint, nolint'],
    ['scope', 'some'],
    ['fail-on', 'critical'],
    ['new-only', 'yes'],
    ['timeout', 'soon'],
    ['max-warnings', '-1'],
    ['max-warnings', '1.5'],
    ['working-directory', '../elsewhere'],
    ['working-directory', 'nowhere'],
    ['eslint-version', '^10'],
    ['typo', 'x'],
  ])('refuses %s: %s', async (name, value) => {
    consumer.commit(base);
    const result = await lint({ inputs: { [name]: value } });
    expect(result.code).toBe(1);
    expect(result.errors).toEqual([expect.stringMatching(/^E_CONFIG: /)]);
    expect(result.errors[0]).toContain(name);
  });
});
