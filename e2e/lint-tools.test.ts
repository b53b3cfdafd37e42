/** Every other linter with its real tool: what it finds, where, what is new, and how it is not called clean when broken. */
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { installTools } from '../rig/install/install.ts';
import { npmProgram, pythonPrograms } from './support/lint-programs.ts';
import { found, makeLintSite, sarifResults, type LintSite } from './support/lint-site.ts';
import type { BundleResult } from './support/run-bundle.ts';
import { seeEnvironments } from './support/seen-environments.ts';

let site: LintSite;
let path: string;
let actionlintBin: string;

beforeAll(async () => {
  const tools = await installTools(['helm', 'kubeconform', 'actionlint'], {
    log: (line) => process.stderr.write(`${line}\n`),
  });
  actionlintBin = tools.get('actionlint') ?? '';
  path = [pythonPrograms(), ...tools.values(), process.env.PATH ?? ''].join(':');
}, 600_000);
beforeEach(() => {
  site = makeLintSite();
});
afterEach(() => {
  site.remove();
});

const odd = ['$(id)', '-rf', 'a b', 'nl\nname', 'ü'];
const lint = (linters: string, before?: string): Promise<BundleResult> =>
  site.lint({
    inputs: { linters },
    env: { PATH: path },
    ...(before === undefined ? {} : { event: site.consumer.pullRequest(before) }),
  });
const apply = (result: BundleResult): void => {
  site.consumer.git('apply', result.outputs.patch ?? '');
  site.consumer.git('commit', '-qam', 'mended');
};

describe('Biome', () => {
  beforeEach(() => {
    site.link(npmProgram('@biomejs/biome'), '@biomejs/biome');
  });

  it('lints and formats, tells what is new, and leaves the formatting as a patch', async () => {
    const before = site.consumer.commit({
      'biome.json': '{}\n',
      '.gitignore': 'node_modules\n',
      'old.js': 'debugger;\n',
    });
    site.consumer.git('mv', 'old.js', 'moved.js');
    site.consumer.commit(
      Object.fromEntries(odd.map((name) => [`src/${name}.js`, 'export const a = {b:1};\n\ndebugger;\n'])),
    );
    const result = await lint('auto', before);
    expect(found(result)).toEqual(
      [
        'suspicious/noDebugger moved.js:1 unchanged',
        ...odd.flatMap((name) => [
          `format src/${name}.js:1 new`,
          `suspicious/noDebugger src/${name}.js:3 new`,
        ]),
      ].sort(),
    );
    apply(result);
    const second = await lint('auto', before);
    expect(found(second).filter((line) => line.startsWith('format'))).toEqual([]);
  });

  it('is broken by its configuration and not clean', async () => {
    for (const text of ['{ bad', '{ "linter": { "rules": { "nonexistent": 1 } } }']) {
      site.consumer.commit({ 'biome.json': text, 'a.js': 'debugger;\n' });
      const result = await lint('biome');
      expect(result.outputs.verdict).toBe('tool-error');
    }
  });
});

describe('oxlint', () => {
  beforeEach(() => {
    site.link(npmProgram('oxlint'), 'oxlint');
    site.link(npmProgram('oxlint'), '@oxlint');
  });

  it('lints, with its levels, and tells what is new', async () => {
    const before = site.consumer.commit({
      '.oxlintrc.json': '{ "rules": { "eqeqeq": "error", "no-debugger": "warn" } }\n',
      '.gitignore': 'node_modules\n',
      'old.js': 'debugger;\n',
    });
    site.consumer.git('mv', 'old.js', 'moved.js');
    site.consumer.commit({
      ...Object.fromEntries(odd.map((name) => [`${name}.js`, 'export const is = (a) => a == 2;\n'])),
      'broken.js': 'const = ;\n',
      'readme.md': 'hello\n',
    });
    const result = await lint('auto', before);
    expect(found(result)).toEqual(
      [
        'eslint(no-debugger) moved.js:1 unchanged',
        'parse-error broken.js:1 new',
        ...odd.map((name) => `eslint(eqeqeq) ${name}.js:1 new`),
      ].sort(),
    );
    expect(result.outputs['by-severity']).toBe('{"error":6,"warning":1}');
  });

  it('is broken by its configuration and not clean', async () => {
    site.consumer.commit({ '.oxlintrc.json': '{ bad', 'a.js': 'debugger;\n' });
    const result = await lint('oxlint');
    expect(result.outputs.verdict).toBe('tool-error');
    expect(result.errors.at(-1)).toContain('Failed to parse oxlint');
  });
});

describe('Ruff and Black', () => {
  const project = '[tool.ruff.lint]\nselect = ["F", "E7"]\n[tool.ruff.format]\n';

  it('lints and formats Python, tells what is new, and leaves a patch', async () => {
    const before = site.consumer.commit({ 'pyproject.toml': project, 'old.py': 'import os\n' });
    site.consumer.git('mv', 'old.py', 'moved.py');
    site.consumer.commit(
      Object.fromEntries(odd.map((name) => [`${name}.py`, '"""😀"""; import os\nx = { "a":1 }\n'])),
    );
    const result = await lint('auto', before);
    expect(found(result)).toEqual(
      [
        'F401 moved.py:1 unchanged',
        ...odd.flatMap((name) => [
          `E702 ${name}.py:1 new`,
          `F401 ${name}.py:1 new`,
          `format ${name}.py:1 new`,
        ]),
      ].sort(),
    );
    apply(result);
    let last = await lint('auto', before);
    for (let round = 0; round < 3 && last.outputs.patch !== ''; round += 1) {
      apply(last);
      last = await lint('auto', before);
    }
    expect(last.outputs).toMatchObject({ verdict: 'pass', 'new-count': '0' });
  });

  it('shows what Black would write, and a file that does not parse', async () => {
    site.consumer.commit({
      'pyproject.toml': '[tool.black]\nline-length = 100\n',
      'a.py': "x = { 'a':1 }\n\ny = 1\n",
      'broken.py': 'def f(:\n',
    });
    const result = await lint('auto');
    expect(found(result)).toEqual(['format a.py:1', 'invalid-syntax broken.py:1']);
    apply(result);
    expect(found(await lint('auto'))).toEqual(['invalid-syntax broken.py:1']);
  });

  it('are broken by their configuration and not clean', async () => {
    site.consumer.commit({
      'pyproject.toml': '[tool.ruff]\nnonsense = true\n[tool.ruff.format]\n[tool.black]\nnonsense = 1\n',
      'a.py': 'x=1\n',
    });
    for (const linter of ['ruff', 'ruff-format', 'black']) {
      expect([linter, (await lint(linter)).outputs.verdict]).toEqual([linter, 'tool-error']);
    }
  });

  it('are told to be installed where they are not', async () => {
    site.consumer.commit({ 'pyproject.toml': project, 'a.py': 'x=1\n' });
    const result = await site.lint({ inputs: { linters: 'ruff' }, env: { PATH: '/usr/bin:/bin' } });
    expect(result.outputs.verdict).toBe('tool-error');
    expect(result.errors.at(-1)).toContain('pip install ruff');
  });
});

describe('actionlint', () => {
  const workflow = (name: string): string =>
    `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo \${{ ${name} }}\n`;

  it('reads workflows and tells what is new', async () => {
    const before = site.consumer.commit({ '.github/workflows/old.yml': workflow('nope.old') });
    site.consumer.commit({ '.github/workflows/new one.yml': workflow('nope.new') });
    const result = await lint('auto', before);
    expect(found(result)).toEqual(['expression .github/workflows/new one.yml:6 new']);
  });

  it('is broken by its configuration and not clean', async () => {
    site.consumer.commit({ '.github/workflows/a.yml': workflow('1'), '.github/actionlint.yaml': 'a: [' });
    expect((await lint('actionlint')).outputs.verdict).toBe('tool-error');
  });
});

describe('charts and manifests', () => {
  const chart = {
    'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
    'charts/shop/values.yaml': 'a: 1\n',
    'charts/shop/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
  };

  it('are linted by helm, and what it said before is old', async () => {
    const before = site.consumer.commit(chart);
    site.consumer.commit({ 'charts/shop/templates/b.yaml': 'kind: ConfigMap\n{{ if }}\n' });
    const result = await lint('helm-lint', before);
    expect(result.outputs.verdict).toBe('findings');
    const [icon, broken] = found(result);
    expect(broken).toMatch(/^templates charts\/shop\/templates\/b\.yaml:2 new$/);
    expect(icon ?? '').toBe('Chart.yaml charts/shop/Chart.yaml:1 unchanged');
  });

  it('ask for helm where it is not, and everything else is still reported', async () => {
    site.consumer.commit({ ...chart, '.github/workflows/a.yml': 'on: push\njobs:\n' });
    const bin = mkdtempSync(join(site.temp, 'bin-'));
    symlinkSync(join(actionlintBin, 'actionlint'), join(bin, 'actionlint'));
    const result = await site.lint({ env: { PATH: `${bin}:/usr/bin:/bin` } });
    expect(result).toMatchObject({ code: 1, outputs: { verdict: 'tool-error' } });
    expect(result.errors.at(-1)).toContain('helm is not installed here: put it on PATH');
    expect(result.summary).toContain('💥');
    expect(Object.keys(sarifResults(result))).toEqual(['lint-actionlint.sarif']);
  });

  it('are checked by kubeconform against schemas of their own', async () => {
    const schema = { type: 'object', properties: { spec: { type: 'object', required: ['size'] } } };
    const widget = (spec: string): string =>
      `apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\nspec: ${spec}\n`;
    const before = site.consumer.commit({
      ...chart,
      '.kubeconform/widget-example-v1.json': JSON.stringify(schema),
      'deploy/old.yaml': widget('{ colour: red }'),
    });
    site.consumer.commit({ 'deploy/new one.yaml': widget('{}'), 'deploy/good.yaml': widget('{ size: 1 }') });
    const result = await site.lint({
      inputs: { linters: 'auto', scope: 'all' },
      env: { PATH: path },
      event: site.consumer.pullRequest(before),
    });
    const own = found(result).filter((line) => line.startsWith('schema'));
    expect(own).toEqual(['schema deploy/new one.yaml:1 new', 'schema deploy/old.yaml:1 unchanged']);
    site.consumer.commit({ 'deploy/gadget.yaml': widget('{}').replace('Widget', 'Gadget') });
    const offline = { HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9' };
    const other = await site.lint({
      inputs: { linters: 'kubeconform', 'new-only': 'false' },
      env: { PATH: path, ...offline },
    });
    // Kinds without a schema here are asked for at the default place, which cannot be reached: not clean, no error.
    expect(other.outputs.verdict).toBe('findings');
    const left = '1 resource has no schema and is not checked, 1 for want of a download';
    expect(other.summary).toMatch(new RegExp(`without a schema.*skipped: ${left}`));
    expect(other.summary).toMatch(new RegExp(`charts/shop, without a schema.*skipped: ${left}`));
  });

  it('are checked by kubeconform as helm renders them', async () => {
    const schema = { type: 'object', properties: { spec: { type: 'object', required: ['size'] } } };
    site.consumer.commit({
      ...chart,
      'charts/shop/templates/w.yaml':
        'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: {{ .Release.Name }} }\nspec: {}\n',
      '.kubeconform/widget-example-v1.json': JSON.stringify(schema),
      '.kubeconform/configmap-v1.json': '{"type":"object"}',
    });
    const result = await lint('kubeconform');
    expect(found(result)).toEqual(['schema charts/shop/templates/w.yaml:1']);
  });

  it('are not called clean when the schemas cannot be had', async () => {
    site.consumer.commit({ 'pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n' });
    const result = await site.lint({
      inputs: { linters: 'kubeconform' },
      env: { PATH: path, HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9' },
    });
    expect(result.outputs.verdict).toBe('tool-error');
  });
});

it('hands no program a token', async () => {
  const names = ['ruff', 'black', 'actionlint', 'helm', 'kubeconform'];
  const programs = seeEnvironments(names, path, site.temp);
  site.consumer.commit({
    'pyproject.toml': '[tool.ruff.lint]\n[tool.ruff.format]\n[tool.black]\n',
    'a.py': 'x=1\n',
    'pod.yaml': 'apiVersion: v1\nkind: Pod\n',
    '.github/workflows/a.yml': 'on: push\n',
    'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
    '.kubeconform/pod-v1.json': '{}',
  });
  const tokens = {
    GITHUB_TOKEN: 'ghs_canary_1',
    ACTIONS_RUNTIME_TOKEN: 'rt-canary-1',
    AWS_SECRET_ACCESS_KEY: 'aws-canary-1',
  };
  await site.lint({
    inputs: { 'github-token': 'ghs_canary_2' },
    env: { PATH: programs.path, ...tokens },
  });
  for (const name of names) {
    const seen = programs.read(name);
    expect([name, seen]).toEqual([name, expect.stringContaining('PATH=')]);
    expect([name, seen]).toEqual([name, expect.not.stringContaining('canary')]);
  }
});

describe('a tool that dies', () => {
  const files = {
    'a.py': 'x=1\n',
    'pod.yaml': 'apiVersion: v1\nkind: Pod\n',
    '.github/workflows/a.yml': 'on: push\n',
    'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
  };
  const programs = [
    ['black', 'black'],
    ['ruff', 'ruff'],
    ['ruff-format', 'ruff'],
    ['actionlint', 'actionlint'],
    ['kubeconform', 'kubeconform'],
    ['helm-lint', 'helm'],
  ] as const;
  const ways = {
    'by a signal': 'kill -9 $$',
    'with code 1 and no word': 'exit 1',
    'with code 0 and no word': 'exit 0',
  } as const;

  it.each(programs)('%s is not called clean', async (linter, program) => {
    site.consumer.commit(files);
    for (const [way, script] of Object.entries(ways)) {
      const bin = mkdtempSync(join(site.temp, 'bin-'));
      // It still tells its version, as who looks for it asks that first.
      const version = `case "$*" in -v|-version|--version|version*) PATH="${path}" exec ${program} "$@";; esac`;
      writeFileSync(join(bin, program), `#!/bin/sh\n${version}\n${script}\n`, { mode: 0o755 });
      const result = await site.lint({ inputs: { linters: linter }, env: { PATH: `${bin}:${path}` } });
      // A formatter that says nothing and ends well found nothing to say.
      const isClean = way.includes('code 0') && ['black', 'ruff-format'].includes(linter);
      expect([way, result.outputs.verdict]).toEqual([way, isClean ? 'pass' : 'tool-error']);
    }
  });
});
