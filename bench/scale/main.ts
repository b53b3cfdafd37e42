/** `npm run bench:scale`: processor time against size. `--rounds N` (5), `--sizes 10000,30000,100000`. Fails above linear. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { table } from '../../toolkit/summary/markdown.ts';
import { slopeOf, type Point } from './slope.ts';
import { subjects, type Subject } from './subjects.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    sizes: { type: 'string', default: '10000,30000,100000' },
  },
});
const rounds = Number(values.rounds);
const sizes = values.sizes.split(',').map(Number);
if (!Number.isSafeInteger(rounds) || rounds < 1 || sizes.length < 2 || !sizes.every((size) => size >= 2))
  throw new Error('--rounds is a whole number, --sizes at least two of them');

/** Sorting costs a logarithm, and growing memory some more; a quadratic step shows as 2. */
const steepest = 1.3;

const results = subjects.map((subject) => {
  const points = sizes.map((size) => measure(subject, size));
  return { name: subject.name, points, slope: slopeOf(points) };
});

/** Processor time of the cheapest round: what others do on the machine can only add. */
function measure({ prepare }: Subject, size: number): Point & { readonly rssMiB: number } {
  const work = prepare(size);
  let ms = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    globalThis.gc?.();
    const started = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(started);
    ms = Math.min(ms, (user + system) / 1_000);
  }
  return { size, ms, rssMiB: process.memoryUsage.rss() / 2 ** 20 };
}

const head = ['work', ...sizes.map((size) => `${size} (ms, MiB resident)`), 'slope', ''];
const rows = results.map(({ name, points, slope }) => [
  name,
  ...points.map(({ ms, rssMiB }) => `${ms.toFixed(1)}, ${Math.round(rssMiB)}`),
  slope.toFixed(2),
  slope <= steepest ? 'kept' : '**broken**',
]);
process.stdout.write(`${table(head, rows)}\n`);
mkdirSync('out', { recursive: true });
writeFileSync('out/bench-scale.json', `${JSON.stringify({ rounds, steepest, results }, null, 1)}\n`);
process.exitCode = results.every(({ slope }) => slope <= steepest) ? 0 : 1;
