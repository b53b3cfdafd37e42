/** lint against bare `eslint .` and `prettier --check .` on the same repository, turn about in one run. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeConsumer } from '../../e2e/support/consumer.ts';
import { root, runBundle, type BundleRun } from '../../e2e/support/run-bundle.ts';
import { table } from '../../toolkit/summary/markdown.ts';
import { childrenCpuMs } from '../children-cpu.ts';
import { median } from '../median.ts';
import { repository } from './repository.ts';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
  },
});
const files = Number(values.quick ? '150' : values.files);
const rounds = Number(values.quick ? '3' : values.rounds);
/** The promises: wall time against the slower of the two tools, and what the action itself may cost. */
const allowedRatio = 1.1;
const allowedOverheadMs = 300;

const consumer = makeConsumer();
const temp = mkdtempSync(join(tmpdir(), 'gd-bench-lint-'));
interface Cost {
  readonly ms: number;
  /** Milliseconds of processor time of everything that was started, which a busy machine does not change much. */
  readonly cpuMs: number;
}
const names = ['eslint', 'prettier', 'both', 'whole', 'change', 'idle'] as const;
const costs: Record<(typeof names)[number], Cost[]> = {
  eslint: [],
  prettier: [],
  both: [],
  whole: [],
  change: [],
  idle: [],
};
const [load] = loadavg();
try {
  for (const name of ['eslint', 'prettier', '@eslint/js']) consumer.install(name);
  const before = consumer.commit(repository(files));
  consumer.commit({ 'src/0/0.js': `${repository(1)['src/0/0.js'] ?? ''}\nexport var added = 1;\n` });
  const event = consumer.pullRequest(before);
  const idle = mkdtempSync(join(temp, 'idle-'));
  spawnSync('git', ['init', '-q', idle]);
  writeFileSync(join(idle, 'readme.md'), 'nothing to lint\n');
  for (let round = 0; round <= rounds; round += 1) {
    // The first round fills the caches of the machine; afterwards turn about, so that a slow moment meets all.
    const runs: Record<(typeof names)[number], () => Promise<void>> = {
      eslint: () => exited('eslint', 'bin/eslint.js', '.'),
      prettier: () => exited('prettier', 'bin/prettier.cjs', '--check', '--log-level=silent', '.'),
      both: async () => {
        await Promise.all([runs.eslint(), runs.prettier()]);
      },
      whole: () => lint(consumer.dir),
      change: () => lint(consumer.dir, event),
      idle: () => lint(idle),
    };
    for (const name of names) {
      const cost = await measure(runs[name]);
      if (round > 0) costs[name].push(cost);
    }
  }
} finally {
  consumer.remove();
  rmSync(temp, { recursive: true, force: true });
}

const ms = (name: (typeof names)[number]): number => median(costs[name].map((cost) => cost.ms));
const cpuMs = (name: (typeof names)[number]): number => median(costs[name].map((cost) => cost.cpuMs));
const slower = Math.max(ms('eslint'), ms('prettier'));
const ratios = costs.whole.map(
  (cost, round) => cost.ms / Math.max(costs.eslint[round]?.ms ?? NaN, costs.prettier[round]?.ms ?? NaN),
);
const titles: Record<(typeof names)[number], string> = {
  eslint: '`eslint .`',
  prettier: '`prettier --check .`',
  both: 'both by hand, side by side',
  whole: 'lint, every file, both tools',
  change: 'lint, a pull request of one file',
  idle: 'lint with nothing to lint',
};
const seconds = (value: number): string => (value / 1000).toFixed(2);
const busy =
  (load ?? 0) > cpus().length
    ? '\nThe machine was busy with other work when this was measured: its wall times are no verdict on the promises.\n'
    : '';
const text = `# lint against bare ESLint and Prettier

Medians of ${rounds} rounds, turn about, on a repository of ${files} JavaScript files with findings in every tenth
(\`npm run bench:lint\`, ${cpus().length} processors, load average ${load?.toFixed(1) ?? ''} at the start). Every time is a whole process, from start to exit.

${table(
  ['command', 'seconds', 'against the slower tool', 'processor seconds'],
  names.map((name) => [
    titles[name],
    seconds(ms(name)),
    (ms(name) / slower).toFixed(2),
    seconds(cpuMs(name)),
  ]),
)}

| promise | measured |
| --- | --- |
| at most ${allowedRatio} times the slower of the two tools run alone | ${median(ratios).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}) |
| the action itself takes at most ${allowedOverheadMs / 1000} s | ${seconds(ms('idle'))} s |

The two tools share the processors when they run side by side: where both need all of them, no order of running makes
the sum shorter, and "both by hand" is what the machine can give. The change of a pull request is compared with its
merge base, so its tools run twice, on the files that matter. Processor time is what a busy machine leaves comparable:
lint uses ${(cpuMs('whole') / (cpuMs('eslint') + cpuMs('prettier'))).toFixed(2)} times what the two commands use together.
${busy}`;
process.stdout.write(text);
if (!values.quick) {
  mkdirSync(join(root, 'docs/benchmarks'), { recursive: true });
  writeFileSync(join(root, 'docs/benchmarks/lint.md'), text);
}
if (median(ratios) > allowedRatio || ms('idle') > allowedOverheadMs) process.exitCode = 1;

async function measure(run: () => Promise<void>): Promise<Cost> {
  const [started, cpuBefore] = [performance.now(), childrenCpuMs()];
  await run();
  return { ms: performance.now() - started, cpuMs: childrenCpuMs() - cpuBefore };
}

function exited(name: string, script: string, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'node_modules', name, script), ...args], {
    cwd: consumer.dir,
    stdio: 'ignore',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      resolve();
    });
  });
}

async function lint(cwd: string, event?: BundleRun['event']): Promise<void> {
  const cache = mkdtempSync(join(temp, 'cache-'));
  const result = await runBundle({
    action: 'lint',
    cwd,
    inputs: { annotations: 'none' },
    env: { RUNNER_TEMP: temp, XDG_CACHE_HOME: cache },
    ...(event === undefined ? {} : { event }),
  });
  if (!['findings', 'skipped'].includes(result.outputs.verdict ?? '')) throw new Error(result.log);
}
