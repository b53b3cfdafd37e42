/** `npm run fuzz`: mutated texts into every parser. `--cases N` for each (100,000), `--seed N`, `--only TEXT`. */
import { parseArgs } from 'node:util';
import { runTarget } from './run-target.ts';
import { targets } from './targets/targets.ts';

const { values } = parseArgs({
  options: { cases: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string', default: '' } },
});
const cases = Number(values.cases ?? 100_000);
const seed = Number(values.seed ?? 1);
if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed))
  throw new Error('--cases and --seed are whole numbers');

const chosen = targets.filter(({ name }) => name.includes(values.only));
const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
write(`seed ${seed}; each text is a valid one with one to six edits\n`);
write(`| parser | cases | accepted | refused with a code | slowest | crashed |`);
write(`| --- | ---: | ---: | ---: | ---: | --- |`);
let crashes = 0;
for (const target of chosen) {
  const { name, cases: ran, accepted, refused, slowestMs, crash } = runTarget(target, cases, seed);
  const slowest = `${Math.ceil(slowestMs)} ms`;
  write(
    `| ${name} | ${ran} | ${accepted} | ${refused} | ${slowest} | ${crash === undefined ? 'no' : '**yes**'} |`,
  );
  if (crash === undefined) continue;
  crashes += 1;
  process.stderr.write(`${name}: ${crash.error}\n  with ${JSON.stringify(crash.input)}\n`);
}
write(`\n${chosen.length - crashes} of ${chosen.length} parsers without a crash`);
process.exitCode = crashes === 0 && chosen.length > 0 ? 0 : 1;
