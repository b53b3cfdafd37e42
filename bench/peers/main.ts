/** `npm run bench:peers`: canary-gate beside the real Argo Rollouts and Flagger controllers, on one rig at the same time. */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { publishService } from '../../e2e/support/live-shop.ts';
import { startRig } from '../../rig/rig.ts';
import type { Arm } from './arm.ts';
import { argo } from './argo.ts';
import { flagger } from './flagger.ts';
import { gate } from './gate.ts';
import { isWrong, judgesTable, scenariosTable, type Result } from './report.ts';
import { runRound } from './round.ts';
import { scenarios } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    arms: { type: 'string', default: 'gate,argo,flagger' },
    scenarios: { type: 'string', default: scenarios.map(({ name }) => name).join(',') },
    beside: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '20' },
    history: { type: 'string', default: '3' },
    out: { type: 'string', default: 'docs/benchmarks/peers-results' },
  },
});
const log = (line: string): void => {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
};
const armNames = values.arms.split(',');
const arms: readonly Arm[] = [gate, argo, flagger].filter(({ name }) => armNames.includes(name));
const scenarioNames = values.scenarios.split(',');
const chosen = scenarios.filter(({ name }) => scenarioNames.includes(name));

const rig = await startRig({
  ...{ istio: true, prometheus: true, log },
  rollouts: armNames.includes('argo'),
  flagger: armNames.includes('flagger'),
});
process.env.GD_RIG = JSON.stringify({ ...rig, images: undefined });
const results: Result[] = [];
try {
  await publishService();
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    const options = { beside: Number(values.beside), minutes: Number(values.minutes), log };
    const historyMinutes = Number(values.history);
    results.push(...(await runRound({ ...options, round, arms, scenarios: chosen, historyMinutes })));
    // What is there is kept when a later round is cut off.
    write(round);
  }
} finally {
  await rig.stop();
}

const truths = new Map(chosen.map(({ name, truth }) => [name, truth]));
const broken = results.filter(
  ({ judge, scenario, verdict }) =>
    judge === 'canary-gate' && isWrong(truths.get(scenario) ?? 'unknown', verdict),
);
for (const { app, verdict, reason } of broken) log(`broken: ${app} was ${verdict}: ${reason}`);
process.exitCode = broken.length === 0 ? 0 : 1;

function write(rounds: number): void {
  const arguments_ = process.argv.slice(2);
  const command = ['npm run bench:peers', ...(arguments_.length === 0 ? [] : ['--', ...arguments_])].join(
    ' ',
  );
  const text = [
    `Command: \`${command}\`, ${new Date().toISOString().slice(0, 10)}; ${rounds} of ${values.rounds} rounds, ${values.beside} services of each kind side by side,`,
    `${values.history} min of history, watches of at most ${values.minutes} min. No seed: these are real processes in real time. Load of the`,
    `machine at the end: ${(loadavg()[0] ?? 0).toFixed(1)}.`,
    '',
    judgesTable(results, chosen),
    '',
    'By scenario: the median, and the range in brackets; what is wrong is bold. Seconds are from the release to the',
    'verdict, requests those that the canary had served by then.',
    '',
    scenariosTable(results, chosen),
    '',
  ].join('\n');
  writeFileSync(`${values.out}.md`, text);
  const cells = (result: Result): string =>
    [result.round, result.app, result.scenario, result.judge, result.verdict, result.seconds, result.exposed]
      .map((cell) => JSON.stringify(cell))
      .join(',');
  const head = 'round,app,scenario,judge,verdict,seconds,exposed';
  writeFileSync(`${values.out}.csv`, [head, ...results.map(cells), ''].join('\n'));
  process.stdout.write(text);
}
