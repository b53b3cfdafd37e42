import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureCost } from './cost.ts';
import { plot } from './plot.ts';
import { runPool } from './pool.ts';
import { CSV_HEAD, cellKey, fromCsv, toCsv } from './results.ts';
import { compareJudges, judgePromises, listLimits } from './summary.ts';
import { fullGrid, quickGrid } from './tasks.ts';
import type { Row, Task } from './tasks.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '20240501' },
    runs: { type: 'string', default: '2000' },
    workers: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '120' },
    out: { type: 'string' },
  },
});
const seed = Number(values.seed);
const name = values.out ?? `docs/benchmarks/canary-${values.quick ? 'quick' : 'grid'}`;
const tasks = values.quick ? quickGrid(seed) : fullGrid(Number(values.runs), seed);

// A run that was cut off goes on where it stopped: cells in the file with enough runs are not simulated again.
mkdirSync('docs/benchmarks', { recursive: true });
const csv = `${name}.csv`;
const wanted = new Map(tasks.map((task) => [cellKey(task), task.runs]));
const read = (): Row[] =>
  readFileSync(csv, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .toSorted()
    .map(fromCsv)
    .filter((row) => row.runs >= (wanted.get(cellKey(row)) ?? Infinity));
const done = existsSync(csv) && !values.quick ? read() : [];
const known = new Set(done.map(cellKey));
writeFileSync(csv, [CSV_HEAD, ...done.map(toCsv), ''].join('\n'));

const open = tasks.filter((task) => !known.has(cellKey(task)));
const started = Date.now();
let finished = 0;
await runPool(open, Number(values.workers), started + Number(values.minutes) * 60_000, (_, rows) => {
  finished += 1;
  appendFileSync(csv, rows.map((row) => `${toCsv(row)}\n`).join(''));
  if (finished % 50 === 0) {
    const rest = ((Date.now() - started) / finished) * (open.length - finished);
    console.error(`${finished} of ${open.length} cells, about ${Math.ceil(rest / 60_000)} min to go`);
  }
});

// Workers end in any order; the file and everything made from it do not depend on it.
const rows = read();
writeFileSync(csv, [CSV_HEAD, ...rows.map(toCsv), ''].join('\n'));
const missing = tasks.length - new Set(rows.map(cellKey)).size;
const safety = (cells: readonly (Task | Row)[]) => cells.filter(({ section }) => section === 'safety');
const safetyRuns = safety(rows).map(({ runs }) => runs);
const safetyCells = `${new Set(safety(rows).map(cellKey)).size} of ${safety(tasks).length} safety cells, ${Math.min(...safetyRuns)} runs or more in each`;
const findings = [...judgePromises(rows), ...(await measureCost())];
const report = [
  `Command: \`npm run bench:canary -- ${process.argv.slice(2).join(' ')}\`, seed ${seed}, ${new Date().toISOString().slice(0, 10)}, ${tasks.length - missing} of ${tasks.length} cells, among them ${safetyCells}.`,
  '',
  '| promise | measured | |',
  '| --- | --- | --- |',
  ...findings.map(
    ({ promise, measured, kept }) => `| ${promise} | ${measured} | ${kept ? 'kept' : '**broken**'} |`,
  ),
  '',
  'An hour of watching at 15 s, averaged over the same cells and disturbances for every judge:',
  '',
  '| judge | stops a healthy canary | worst cell | stops one twice as bad | median minutes | requests it served until then: mean | median | of the hour |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ...compareJudges(rows).map(
    (line) =>
      `| ${line.judge} | ${line.falseAlarms} | ${line.worstFalseAlarms} | ${line.caught} | ${line.medianMinutes} | ${line.meanExposed} | ${line.medianExposed} | ${line.exposedPart} |`,
  ),
  '',
  'Healthy canaries stopped where the conditions of the guarantee do not hold (5 % errors, 10 % share):',
  '',
  '| world | judge | stopped |',
  '| --- | --- | --- |',
  ...listLimits(rows).map((cells) => `| ${cells.join(' | ')} |`),
  '',
].join('\n');
writeFileSync(`${name}.md`, report);
writeFileSync(`${name}.svg`, plot(rows, `canary-gate, seed ${seed}, ${rows.length} measurements`));
console.log(report);
process.exitCode = findings.every(({ kept }) => kept) && missing === 0 ? 0 : 1;
