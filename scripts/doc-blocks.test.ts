import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { installTools } from '../rig/install/install.ts';
import { parseEntries } from '../toolkit/environments/parse-entries.ts';
import { root } from './action-metadata.ts';
import { asWorkflow, blocksOf, callProblems, docBlocks, suiteCalls } from './doc-blocks.ts';

const blocks = docBlocks();
const at = ({ page, line }: { page: string; line: number }): string => `${page}:${line}`;

it('finds blocks, also indented ones', () => {
  expect(blocksOf('p.md', 'a\n```yaml\nb: 1\n```\n- c\n  ```yaml\n  d: 2\n  ```\n')).toEqual([
    { page: 'p.md', line: 2, text: 'b: 1\n' },
    { page: 'p.md', line: 6, text: 'd: 2\n' },
  ]);
  expect(blocks.length).toBeGreaterThan(20);
});

describe('callProblems', () => {
  it.each([
    [
      'an unknown input',
      { target: 'actions/lint', inputs: ['lintres'], secrets: [], permissions: undefined },
      1,
    ],
    [
      'a permission too little',
      { target: '.github/workflows/publish-results.yml', inputs: [], secrets: [], permissions: {} },
      3,
    ],
    [
      'what is right',
      { target: 'actions/lint', inputs: ['linters'], secrets: [], permissions: undefined },
      0,
    ],
    [
      'required inputs that are missing',
      { target: 'actions/canary-gate', inputs: ['canary'], secrets: [], permissions: undefined },
      2,
    ],
    [
      'a secret that is missing',
      {
        target: '.github/workflows/rollback.yml',
        inputs: ['environment', 'reason'],
        secrets: [],
        permissions: undefined,
      },
      1,
    ],
  ])('%s', (_, call, count) => {
    expect(callProblems(call)).toHaveLength(count);
  });
});

it('shows YAML only that is YAML', () => {
  for (const block of blocks) {
    const problems = parseAllDocuments(block.text).flatMap(({ errors }) =>
      errors.map(({ message }) => message),
    );
    expect([at(block), problems]).toEqual([at(block), []]);
  }
});

it('shows inputs that exist, and permissions that suffice', () => {
  for (const block of blocks) {
    const problems = suiteCalls(block.text).flatMap(callProblems);
    expect([at(block), problems]).toEqual([at(block), []]);
  }
});

it('shows branch maps that are accepted', () => {
  const maps = blocks.filter(({ text }) => /^- \{? ?branch:/.test(text));
  expect(maps.length).toBeGreaterThan(2);
  for (const { text, page } of maps) expect(parseEntries(text, page).length).toBeGreaterThan(0);
});

/** What a block that shows some jobs of a workflow cannot know, and what is newer than actionlint 1.7.12. */
const ignored = [
  'unexpected key "queue" for "concurrency" section',
  'needs job ".+" which does not exist in this workflow',
  'property ".+" is not defined in object type \\{\\}',
];

/** By major tag, because this project does not use them and so knows no commit of theirs that it could vouch for. */
const unvouched = [
  'aws-actions/configure-aws-credentials',
  'azure/aks-set-context',
  'azure/login',
  'google-github-actions/auth',
  'google-github-actions/get-gke-credentials',
  'actions/cache',
  'github/codeql-action/upload-sarif',
];

it("shows others' actions at the commits that the own workflows use", async () => {
  const folder = join(root, '.github/workflows');
  const texts = await Promise.all(
    (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
  );
  const used = new Set(texts.flatMap(othersActions));
  expect(used.size).toBeGreaterThan(3);
  for (const block of blocks) {
    const strange = othersActions(block.text).filter(
      (use) => !used.has(use) && !unvouched.includes(use.replace(/@v\d+$/, '')),
    );
    expect([at(block), strange]).toEqual([at(block), []]);
  }
});

function othersActions(text: string): string[] {
  return [...text.matchAll(/uses: ([\w-]+\/[^\s@]+@.+)$/gm)]
    .map(([, use = '']) => use)
    .filter((use) => !use.startsWith('gated-delivery/'));
}

it('shows workflows that act can plan, each for the event that starts it', async () => {
  const tools = await installTools(['act'], { log: () => undefined });
  const folder = await mkdtemp(join(tmpdir(), 'docs-'));
  const plan = async (text: string): Promise<{ status: number | null; jobs: string[]; said: string }> => {
    const file = join(folder, 'workflow.yml');
    await writeFile(file, text);
    const events = (parse(text) as { on: string | object }).on;
    const [event = ''] = typeof events === 'object' ? Object.keys(events) : [events];
    const args = [event, '--list', '--directory', folder, '--workflows', file];
    const { status, stdout, stderr } = spawnSync(join(tools.get('act') ?? '', 'act'), args, {
      encoding: 'utf8',
    });
    const jobs = stdout
      .split('\n')
      .slice(1)
      .flatMap((line) => line.split(/\s+/)[1] ?? []);
    return { status, jobs, said: status === 0 ? '' : stderr };
  };
  try {
    const broken = 'on: push\njobs: { a: { runs-on: x, needs: b, steps: [{ run: a }] } }\n';
    expect((await plan(broken)).status).not.toBe(0);
    for (const block of blocks) {
      const text = asWorkflow(block.text);
      if (text === undefined || waitsForUnshown(text)) continue;
      const { status, jobs, said } = await plan(text);
      expect([at(block), status, said]).toEqual([at(block), 0, '']);
      expect([at(block), jobs]).toEqual([at(block), expect.arrayContaining(jobsOf(text))]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

interface Planned {
  readonly jobs: Readonly<Record<string, { readonly needs?: string | readonly string[] }>>;
}

function jobsOf(text: string): string[] {
  return Object.keys((parse(text) as Planned).jobs);
}

/** A block that shows one job of several names others that it does not show. */
function waitsForUnshown(text: string): boolean {
  const { jobs } = parse(text) as Planned;
  return Object.values(jobs).some(({ needs = [] }) => [needs].flat().some((name) => !(name in jobs)));
}

it('shows workflows that actionlint and zizmor accept', async () => {
  const tools = await installTools(['actionlint', 'zizmor'], { log: () => undefined });
  const actionlint = tools.get('actionlint') ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'docs-'));
  try {
    await mkdir(join(folder, '.github/workflows'), { recursive: true });
    const names: string[] = [];
    for (const block of blocks) {
      const text = asWorkflow(block.text);
      if (text === undefined) continue;
      const name = `.github/workflows/${at(block).replaceAll(/[^A-Za-z0-9]+/g, '-')}.yml`;
      await writeFile(join(folder, name), text);
      names.push(name);
    }
    expect(names.length).toBeGreaterThan(10);
    const args = ['-shellcheck=', '-no-color', ...ignored.flatMap((text) => ['-ignore', text]), ...names];
    const { status, stdout } = spawnSync(join(actionlint, 'actionlint'), args, {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([stdout, status]).toEqual(['', 0]);
    const policies = Object.fromEntries([...unvouched, 'gated-delivery/*'].map((name) => [name, 'ref-pin']));
    const rules = {
      'unpinned-uses': { config: { policies: { ...policies, '*': 'hash-pin' } } },
      // docs/recipes/forks.md and secrets.md are about these two, and say what makes them safe.
      'dangerous-triggers': { disable: true },
      'secrets-inherit': { disable: true },
    };
    await writeFile(join(folder, 'zizmor.yml'), JSON.stringify({ rules }));
    const zizmor = spawnSync(
      join(tools.get('zizmor') ?? '', 'zizmor'),
      [...['--offline', '--quiet', '--no-progress', '--format', 'plain', '--config', 'zizmor.yml'], folder],
      { cwd: folder, encoding: 'utf8' },
    );
    expect([zizmor.status, zizmor.status === 0 ? '' : zizmor.stdout, zizmor.stderr]).toEqual([0, '', '']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
