import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeProcess } from '../process/fake-process.ts';
import { helmfileCli } from './helmfile-cli.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'gd-helmfile-'));
  mkdirSync(join(cwd, 'plain'));
  writeFileSync(join(cwd, 'plain/Chart.yaml'), 'apiVersion: v2\nname: plain\n');
});
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const names = Array.from({ length: 9 }, (_, index) => `r${index}`);
const state = (more = ''): string =>
  `releases: [${names.map((name) => `{name: ${name}, chart: ./plain}`).join(', ')}]\n${more}`;

function connect(build: string, fail?: { readonly verb: string; readonly stderr: string }) {
  const process = fakeProcess((argv) => {
    if (fail !== undefined && argv.includes(fail.verb)) return { code: 1, stderr: fail.stderr };
    return argv.includes('build') ? { stdout: build } : {};
  });
  const helmfile = helmfileCli({
    process,
    env: {},
    context: '',
    cwd,
    file: 'helmfile.yaml',
    environment: 'test',
    namespace: 'shop',
    values: ['/v.yaml'],
    set: ['a=b;c'],
    folder: { path: join(cwd, 'private') } as never,
    helmMajor: () => Promise.resolve(4),
  });
  const calls = (verb: string) =>
    process.calls.filter(({ argv }) => argv.includes(verb)).map(({ argv }) => argv);
  return { helmfile, calls };
}

const { signal } = new AbortController();
const releases = names.map((name) => ({ name, namespace: 'shop' }));
const sync = { releases, timeoutMs: 60_000, historyMax: 10, description: 'run', force: true, signal };

describe('helmfileCli', () => {
  it('reads its state once, and renders every release exactly once', async () => {
    const { helmfile, calls } = connect(state());
    await helmfile.list(signal);
    const rendered = await helmfile.template({ releases, isUpgrade: true, signal });
    expect(rendered.map(({ release }) => release)).toEqual(names);
    expect(calls('build')).toHaveLength(1);
    const selected = calls('template').flatMap((argv) => argv.filter((item) => item.startsWith('name=')));
    expect(selected).toEqual(names.map((name) => `name=${name},namespace=shop`));
  });

  it('builds no dependencies where there are none, and all of them otherwise', async () => {
    const plain = connect(state());
    await plain.helmfile.template({ releases, isUpgrade: true, signal });
    await plain.helmfile.sync(sync);
    for (const argv of [...plain.calls('template'), ...plain.calls('sync')])
      expect(argv).toContain('--skip-deps');

    const needy = connect(state('repositories: [{name: a, url: https://charts.example.com}]\n'));
    await needy.helmfile.template({ releases, isUpgrade: true, signal });
    await needy.helmfile.sync(sync);
    // Repositories are refreshed and hooks run: not several times beside each other.
    expect(needy.calls('template')).toHaveLength(1);
    for (const argv of [...needy.calls('template'), ...needy.calls('sync')])
      expect(argv).not.toContain('--skip-deps');
  });

  it('waits, passes values as single arguments, and never lets helmfile roll back by itself', async () => {
    const { helmfile, calls } = connect(state());
    await helmfile.sync(sync);
    const [argv = []] = calls('sync');
    expect(argv).toEqual(expect.arrayContaining(['--wait', '--wait-for-jobs', '--set', 'a=b;c']));
    expect(argv.join(' ')).toContain('--force-conflicts');
    expect(argv.join(' ')).not.toMatch(/atomic|rollback-on-failure/);
    await helmfile.sync({ ...sync, releases: [] });
    expect(calls('sync')).toHaveLength(1);
  });

  it.each([
    ['build', 'E_CONFIG'],
    ['template', 'E_RENDER'],
    ['sync', 'E_TOOL'],
  ])('gives a failing %s its code', async (verb, code) => {
    const { helmfile } = connect(state(), { verb, stderr: 'something never seen' });
    const work =
      verb === 'sync' ? helmfile.sync(sync) : helmfile.template({ releases, isUpgrade: false, signal });
    await expect(work).rejects.toMatchObject({ code });
  });
});
