/** helm-deploy against the number of releases: time and memory as a curve. Fails above linear. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startRig } from '../../rig/rig.ts';
import { table } from '../../toolkit/summary/markdown.ts';
import { slopeOf } from '../scale/slope.ts';
import { startSite } from './site.ts';

const { values } = parseArgs({ options: { releases: { type: 'string', default: '1,10,50,200' } } });

/** As for the other work against its size: a quadratic step shows as 2. */
const steepest = 1.3;

interface Size {
  readonly releases: number;
  readonly ms: number;
  readonly mib: number;
}

const rig = await startRig({ log: (line) => process.stderr.write(`${line}\n`) });
process.env.GD_RIG = JSON.stringify({ ...rig, images: undefined });
const sizes: Size[] = [];
try {
  for (const releases of values.releases.split(',').map(Number)) sizes.push(await measure(releases));
} finally {
  await rig.stop();
}

const text = `# helm-deploy against the number of releases

\`npm run bench:releases\`: one deploy of a helmfile by the action with helm 4 in which every release changes, after one
that installed them, and the most memory that the action's process had; helm and helmfile have theirs beside it. A slope of
1 in logarithms is linear, and at most ${steepest} is promised.

${table(['releases', 'seconds', 'seconds per release', 'MiB resident'], sizes.map(row))}

${slopes()}

Load of the machine at the end: ${(loadavg()[0] ?? 0).toFixed(1)}.
`;
mkdirSync('docs/benchmarks', { recursive: true });
writeFileSync('docs/benchmarks/releases.md', text);
process.stdout.write(text);

async function measure(releases: number): Promise<Size> {
  const site = await startSite(releases, 4);
  try {
    await site.action('1');
    const { ms } = await site.action('2');
    return { releases, ms, mib: site.mostMiB() };
  } finally {
    await site.stop();
  }
}

function row({ releases, ms, mib }: Size): string[] {
  const seconds = ms / 1000;
  return [String(releases), seconds.toFixed(1), (seconds / releases).toFixed(2), String(Math.round(mib))];
}

function slopes(): string {
  const time = slopeOf(sizes.map(({ releases: size, ms }) => ({ size, ms })));
  const memory = slopeOf(sizes.map(({ releases: size, mib }) => ({ size, ms: mib })));
  const isKept = Math.max(time, memory) <= steepest;
  if (!isKept) process.exitCode = 1;
  return `Slope of the time ${time.toFixed(2)}, of the memory ${memory.toFixed(2)}: ${isKept ? 'kept' : 'missed'}.`;
}
