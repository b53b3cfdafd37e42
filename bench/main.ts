/** `npm run bench`: every benchmark in turn, each with its own table, then which promises hold. `--only lint,start`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { table } from '../toolkit/summary/markdown.ts';

interface Benchmark {
  readonly name: string;
  readonly promises: string;
  readonly args: readonly string[];
  /** About how long on two free cores, for the time that is left. */
  readonly minutes: number;
}

const benchmarks: readonly Benchmark[] = [
  { name: 'start', promises: 'cold start of every bundle', args: [], minutes: 1 },
  { name: 'scale', promises: 'no worse than linear in the findings', args: [], minutes: 2 },
  { name: 'lint', promises: 'lint against bare ESLint and Prettier', args: [], minutes: 4 },
  { name: 'canary', promises: 'verdicts of the gate, in the quick grid', args: ['--quick'], minutes: 3 },
  { name: 'rollback', promises: 'rollback against `helm rollback`', args: [], minutes: 5 },
  { name: 'deploy', promises: 'deploy against `helmfile sync`', args: [], minutes: 15 },
];

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const only = values.only.split(',').filter((name) => name !== '');
const unknown = only.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) throw new Error(`there is no benchmark ${unknown.join(', ')}`);
const chosen = benchmarks.filter(({ name }) => only.length === 0 || only.includes(name));

const rows: { name: string; promises: string; code: number; minutes: number }[] = [];
for (const [index, { name, promises, args }] of chosen.entries()) {
  const left = chosen.slice(index).reduce((sum, { minutes }) => sum + minutes, 0);
  process.stderr.write(`bench:${name} (${index + 1} of ${chosen.length}), about ${left} min to go …\n`);
  const started = performance.now();
  const child = spawn('npm', ['run', '--silent', `bench:${name}`, '--', ...args], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  rows.push({ name, promises, code: code ?? 1, minutes: (performance.now() - started) / 60_000 });
}

const told = rows.map(({ name, promises, code, minutes }) => [
  `\`npm run bench:${name}\``,
  promises,
  minutes.toFixed(1),
  code === 0 ? 'kept' : '**broken**',
]);
process.stdout.write(`\n${table(['benchmark', 'promises', 'min', ''], told)}\n`);
process.exitCode = rows.every(({ code }) => code === 0) ? 0 : 1;
