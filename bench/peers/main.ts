/** `npm run bench:peers`: canary-gate beside the real Argo Rollouts and Flagger controllers, on one rig at the same time. */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { publishService } from '../../e2e/support/live-shop.ts';
import { startRig } from '../../rig/rig.ts';
import type { Arm } from './arm.ts';
import { argo } from './argo.ts';
import { flagger } from './flagger.ts';
import { gate } from './gate.ts';
import { isWrong, type Result } from './report.ts';
import { runRound } from './round.ts';
import { scenarios } from './scenarios.ts';
import { writeResults } from './write-results.ts';

const { values } = parseArgs({
  options: {
    arms: { type: 'string', default: 'gate,argo,flagger' },
    scenarios: { type: 'string', default: scenarios.map(({ name }) => name).join(',') },
    beside: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '20' },
    history: { type: 'string', default: '3' },
    out: { type: 'string', default: 'docs/benchmarks/peers' },
  },
});
const log = (line: string): void => {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
};
const armNames = values.arms.split(',');
const arms: readonly Arm[] = [gate, argo, flagger].filter(({ name }) => armNames.includes(name));
const scenarioNames = values.scenarios.split(',');
const chosen = scenarios.filter(({ name }) => scenarioNames.includes(name));

const interruption = new AbortController();
process.once('SIGINT', () => {
  interruption.abort();
});

const rig = await startRig({
  ...{ istio: true, prometheus: true, rollouts: true, flagger: true, log },
});
process.env.GD_RIG = JSON.stringify({ ...rig, images: undefined });
const results: Result[] = [];
try {
  await publishService();
  for (let round = 1; round <= Number(values.rounds) && !interruption.signal.aborted; round += 1) {
    const options = { beside: Number(values.beside), minutes: Number(values.minutes) };
    const { signal } = interruption;
    const historyMinutes = Number(values.history);
    results.push(
      ...(await runRound({ ...options, signal, log, round, arms, scenarios: chosen, historyMinutes })),
    );
    // What is there is kept when a later round is cut off.
    process.stdout.write(`${writeResults(values.out, commandLine(round), results, chosen)}\n`);
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

function commandLine(rounds: number): string {
  const arguments_ = process.argv.slice(2);
  const command = ['npm run bench:peers', ...(arguments_.length === 0 ? [] : ['--', ...arguments_])].join(
    ' ',
  );
  return [
    `Command: \`${command}\`, ${new Date().toISOString().slice(0, 10)}; ${rounds} of ${values.rounds} rounds, ${values.beside} services of each kind side by`,
    `side, ${values.history} min of history, watches of at most ${values.minutes} min. No seed: real processes in real time. Load of the`,
    `machine at the end: ${(loadavg()[0] ?? 0).toFixed(1)}.`,
    ...(interruption.signal.aborted ? ['Cut off: watches that were undecided then are left out.'] : []),
  ].join('\n');
}
