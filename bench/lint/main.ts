/** lint against bare `eslint .` and `prettier --check .` on the same repository, turn about in one run. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeConsumer } from '../../e2e/support/consumer.ts';
import { root, runBundle, type BundleRun } from '../../e2e/support/run-bundle.ts';
import { table } from '../../toolkit/summary/markdown.ts';
import { median } from '../rollback/measures.ts';
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
const measured = { eslint: [] as number[], prettier: [] as number[], both: [] as number[] };
const action = { whole: [] as number[], idle: [] as number[], change: [] as number[] };
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
    const times = {
      eslint: bare('eslint', 'bin/eslint.js', '.'),
      prettier: bare('prettier', 'bin/prettier.cjs', '--check', '--log-level=silent', '.'),
      both: await bareBoth(),
      whole: await lint(consumer.dir),
      change: await lint(consumer.dir, event),
      idle: await lint(idle),
    };
    if (round === 0) continue;
    for (const name of ['eslint', 'prettier', 'both'] as const) measured[name].push(times[name]);
    for (const name of ['whole', 'idle', 'change'] as const) action[name].push(times[name]);
  }
} finally {
  consumer.remove();
  rmSync(temp, { recursive: true, force: true });
}

const slower = Math.max(median(measured.eslint), median(measured.prettier));
const ratios = action.whole.map(
  (ms, round) => ms / Math.max(measured.eslint[round] ?? NaN, measured.prettier[round] ?? NaN),
);
const overhead = median(action.idle);
const rows = [
  ['`eslint .`', median(measured.eslint)],
  ['`prettier --check .`', median(measured.prettier)],
  ['both by hand, side by side', median(measured.both)],
  ['lint, every file, both tools', median(action.whole)],
  ['lint, a pull request of one file', median(action.change)],
  ['lint with nothing to lint', overhead],
] as const;
const text = `# lint against bare ESLint and Prettier

Medians of ${rounds} rounds, turn about, on a repository of ${files} JavaScript files with findings in every tenth
(\`npm run bench:lint\`, ${cpus().length} processors). Every time is a whole process, from start to exit.

${table(
  ['command', 'seconds', 'against the slower tool'],
  rows.map(([name, ms]) => [name, (ms / 1000).toFixed(2), (ms / slower).toFixed(2)]),
)}

| promise | measured |
| --- | --- |
| at most ${allowedRatio} times the slower of the two tools run alone | ${median(ratios).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}) |
| the action itself takes at most ${allowedOverheadMs / 1000} s | ${(overhead / 1000).toFixed(2)} s |

The two tools share the processors when they run side by side: where both need all of them, no order of running makes
the sum shorter, and "both by hand" is what the machine can give. The change of a pull request is compared with its
merge base, so its tools run twice, on the files that matter.
`;
process.stdout.write(text);
if (!values.quick) {
  mkdirSync(join(root, 'docs/benchmarks'), { recursive: true });
  writeFileSync(join(root, 'docs/benchmarks/lint.md'), text);
}
if (median(ratios) > allowedRatio || overhead > allowedOverheadMs) process.exitCode = 1;

function bare(name: string, script: string, ...args: string[]): number {
  const started = performance.now();
  spawnSync(process.execPath, [join(root, 'node_modules', name, script), ...args], {
    cwd: consumer.dir,
    stdio: 'ignore',
  });
  return performance.now() - started;
}

async function bareBoth(): Promise<number> {
  const started = performance.now();
  await Promise.all([
    exited('eslint', 'bin/eslint.js', '.'),
    exited('prettier', 'bin/prettier.cjs', '--check', '--log-level=silent', '.'),
  ]);
  return performance.now() - started;
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

async function lint(cwd: string, event?: BundleRun['event']): Promise<number> {
  const cache = mkdtempSync(join(temp, 'cache-'));
  const started = performance.now();
  const result = await runBundle({
    action: 'lint',
    cwd,
    inputs: { annotations: 'none' },
    env: { RUNNER_TEMP: temp, XDG_CACHE_HOME: cache },
    ...(event === undefined ? {} : { event }),
  });
  const took = performance.now() - started;
  if (!['findings', 'skipped'].includes(result.outputs.verdict ?? '')) throw new Error(result.log);
  return took;
}
