/**
 * `npm run bench:start`: from spawning an action to its first call of a port (a process or a connection), against
 * `node -e 0` in the same rounds. `--rounds N` (9); `--also index.js` measures another action's bundle beside them.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { root } from '../../e2e/support/run-bundle.ts';
import { table } from '../../toolkit/summary/markdown.ts';
import { median } from '../median.ts';
import { actions, startAction, startBundle, startNode, type Start } from './starts.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    also: { type: 'string', multiple: true, default: [] },
  },
});
const rounds = Number(values.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds is a whole number above 0');
/** The promise: processor time until the first call, in times of what `node -e 0` needs in the same rounds. */
const allowed = 4;

interface Subject {
  readonly name: string;
  readonly bundle?: string;
  readonly start: () => Promise<Start>;
}
const subjects: readonly Subject[] = [
  { name: '`node -e 0`', start: startNode },
  ...actions.map((action) => ({
    name: action,
    bundle: join(root, 'actions', action, 'dist/index.js'),
    start: () => startAction(action),
  })),
  ...values.also.map((bundle) => ({ name: bundle, bundle, start: () => startBundle(bundle) })),
];

const starts = new Map(subjects.map(({ name }) => [name, [] as Start[]]));
for (let round = 0; round <= rounds; round += 1) {
  for (const { name, start } of subjects) {
    const measured = await start();
    // The first round fills the caches of the machine.
    if (round > 0) starts.get(name)?.push(measured);
  }
}

const of = (name: string, pick: (start: Start) => number): number =>
  median((starts.get(name) ?? []).map(pick));
const bare = of('`node -e 0`', ({ cpuMs }) => cpuMs);
const rows = subjects.map(({ name, bundle }) => {
  const cpu = of(name, ({ cpuMs }) => cpuMs);
  const size = bundle === undefined ? undefined : statSync(bundle).size;
  const zipped = bundle === undefined ? undefined : gzipSync(readFileSync(bundle)).length;
  const kiB = (bytes: number | undefined): string =>
    bytes === undefined ? '' : Math.round(bytes / 1024).toString();
  return {
    cells: [
      name,
      starts.get(name)?.[0]?.port ?? '',
      of(name, ({ ms }) => ms).toFixed(0),
      cpu.toFixed(0),
      (cpu / bare).toFixed(1),
      kiB(size),
      kiB(zipped),
    ],
    isKept: values.also.includes(name) || cpu / bare <= allowed,
  };
});
const isKept = rows.every((row) => row.isKept);
const text = `# Cold start and size of the bundles

\`npm run bench:start\`: medians of ${rounds} rounds, by turns. Each action gets its smallest sound input and is ended at its
first call of a port (a process that it starts or a connection that it opens), by channels that Node itself publishes.
By then the bundle was read and compiled and the inputs were checked. Processor time is what a busy machine leaves
comparable, so the promise is in times of \`node -e 0\`: at most ${allowed}, ${isKept ? 'kept' : '**broken**'}.

${table(
  ['started', 'first call', 'ms', 'processor ms', 'times `node -e 0`', 'bundle (KiB)', 'gzipped (KiB)'],
  rows.map(({ cells }) => cells),
)}

Bundles of other actions are in no package registry; \`--also path/to/dist/index.js\` measures one that is at hand in the
same rounds.
`;
mkdirSync('docs/benchmarks', { recursive: true });
if (values.also.length === 0) writeFileSync('docs/benchmarks/start.md', text);
process.stdout.write(text);
process.exitCode = isKept ? 0 : 1;
