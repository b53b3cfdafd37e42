import { expect, it } from '@jest/globals';
import { isWrong, judgesTable, scenariosTable, type Result } from './report.ts';
import type { Scenario } from './scenarios.ts';

const behaviour = { errors: 0, slow: 0 };
const scenario = (name: string, truth: Scenario['truth']): Scenario => ({
  ...{ name, title: `a ${name} one`, rps: 1, stable: behaviour, canary: behaviour, truth },
});
const scenarios = [scenario('good', 'healthy'), scenario('evil', 'bad'), scenario('idle', 'unknown')];
const result = (name: string, verdict: Result['verdict'], seconds: number, exposed: number): Result => ({
  ...{ round: 1, app: name, scenario: name, judge: 'judge', verdict, seconds, exposed, reason: 'a | b' },
});
const results = [
  result('good', 'stopped', 60, 100),
  result('good', 'inconclusive', 1200, 900),
  result('evil', 'stopped', 30, 50),
  result('evil', 'stopped', 90, 70),
  result('evil', 'promoted', 600, 4000),
  result('idle', 'inconclusive', 1200, 0),
];

it.each([
  ['healthy', { stopped: true, promoted: false, inconclusive: false }],
  ['bad', { stopped: false, promoted: true, inconclusive: true }],
  ['unknown', { stopped: false, promoted: true, inconclusive: false }],
] as const)('what is wrong of a canary that is %s', (truth, wrong) => {
  for (const verdict of ['stopped', 'promoted', 'inconclusive'] as const)
    expect(isWrong(truth, verdict)).toBe(wrong[verdict]);
});

it('counts wrong verdicts per judge, and times only bad canaries that were stopped', () => {
  expect(judgesTable(results, scenarios).split('\n').at(-1)).toBe(
    '| judge | 1 of 2 | 1 of 3 | 0 of 1 | 60 (30–90) | 60 (50–70) |',
  );
});

it('shows each scenario with its spread, wrong verdicts bold, foreign words escaped', () => {
  expect(scenariosTable(results, scenarios).split('\n').slice(2)).toEqual([
    '| a good one | judge | **stopped 1 of 2**, inconclusive 1 of 2 | 630 (60–1200) | 500 (100–900) | a \\| b |',
    '| a evil one | judge | stopped 2 of 3, **promoted 1 of 3** | 90 (30–600) | 70 (50–4000) | a \\| b |',
    '| a idle one | judge | inconclusive 1 of 1 | 1200 | 0 | a \\| b |',
  ]);
});
