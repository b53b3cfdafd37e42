/** helm-deploy against a bare `helmfile sync` of the same releases, by turns in the same run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startRig } from '../../rig/rig.ts';
import { table } from '../../toolkit/summary/markdown.ts';
import { median } from '../median.ts';
import { pairs, type Pair } from './pairs.ts';
import { startSite } from './site.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    releases: { type: 'string', default: '10,50' },
    helm: { type: 'string', default: '3,4' },
  },
});
const rounds = Number(values.rounds);
const numbers = (text: string): number[] => text.split(',').map(Number);

/** What is promised: seconds more for few releases, times as long for many. */
const promises = new Map([
  [10, { seconds: 2 }],
  [50, { times: 1.3 }],
] as const);

const rig = await startRig({ log: (line) => process.stderr.write(`${line}\n`) });
process.env.GD_RIG = JSON.stringify({ ...rig, images: undefined });
const rows: string[][] = [];
try {
  for (const major of numbers(values.helm) as (3 | 4)[])
    for (const releases of numbers(values.releases)) rows.push(await compare(major, releases));
} finally {
  await rig.stop();
}

const head = [
  'helm',
  'releases',
  '`helmfile sync` (s)',
  'helm-deploy (s)',
  'more (s)',
  'times',
  'processor, bare (s)',
  'processor, action (s)',
  'promised',
  '',
];
const text = `# helm-deploy against a bare \`helmfile sync\`

\`npm run bench:deploy\`: ${rounds} rounds on the rig after a first one that only installs. In each round every release gets a
new image, once by \`helmfile sync --wait --wait-for-jobs\` alone and once by the action, in namespaces of their own and by
turns, so that a slow moment of the machine meets both. *More* and *times* are medians over the rounds of what the
action took beyond, and in relation to, the bare command of the same round. What the action does in that time: it
renders and compares everything before it changes anything, takes the lock, writes the ledger, and looks at the health
of every object for half a second longer.

${table(head, rows)}

Load of the machine at the end: ${(loadavg()[0] ?? 0).toFixed(1)}.
`;
mkdirSync('docs/benchmarks', { recursive: true });
writeFileSync('docs/benchmarks/deploy.md', text);
process.stdout.write(text);

async function compare(major: 3 | 4, releases: number): Promise<string[]> {
  const site = await startSite(releases, major);
  try {
    const measured = await pairs(rounds, site);
    const middle = (pick: (pair: Pair) => number): number => median(measured.map(pick));
    const more = middle(({ bare, action }) => action.ms - bare.ms) / 1000;
    const times = middle(({ bare, action }) => action.ms / bare.ms);
    const promise = promises.get(releases as 10 | 50);
    const limit =
      promise === undefined
        ? ''
        : 'seconds' in promise
          ? `${promise.seconds} s more`
          : `${promise.times} times`;
    const isKept =
      promise === undefined || ('seconds' in promise ? more <= promise.seconds : times <= promise.times);
    if (!isKept) process.exitCode = 1;
    return [
      String(major),
      String(releases),
      (middle(({ bare }) => bare.ms) / 1000).toFixed(1),
      (middle(({ action }) => action.ms) / 1000).toFixed(1),
      more.toFixed(2),
      times.toFixed(2),
      (middle(({ bare }) => bare.processorMs) / 1000).toFixed(1),
      (middle(({ action }) => action.processorMs) / 1000).toFixed(1),
      limit,
      isKept ? 'kept' : 'missed',
    ];
  } finally {
    await site.stop();
  }
}
