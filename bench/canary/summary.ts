import { mean, median } from './measures.ts';
import { cellKey } from './results.ts';
import type { Row } from './tasks.ts';

export interface Finding {
  readonly promise: string;
  readonly measured: string;
  readonly kept: boolean;
}

/** The promises of the gate against what was measured, one line each. */
export function judgePromises(rows: readonly Row[]): Finding[] {
  const safety = rows.filter(({ section }) => section === 'safety');
  const delay = rows.filter(({ section }) => section === 'delay');
  const byClock = delay.filter((row) => row.lookSeconds >= 15);
  const finest = byClock.map(
    (row) => delay.find((other) => other.lookSeconds < 15 && cellKey(other) === cellKey(row)) ?? row,
  );
  const efficiency = finest.map((row) => row.medianSeconds / row.referenceSeconds);
  const atLooks = byClock.map((row) => row.medianSeconds / Math.max(row.referenceSeconds, row.lookSeconds));
  return [
    rateFinding('false fails ≤ 1 %, default margin 1.25, all disturbances', safety, 'gate-fail', 1),
    rateFinding(
      'false fails ≤ 1 % without margin, all but bursts',
      safety.filter(({ disturbance }) => !disturbance.startsWith('bursts')),
      'gate-fail-no-margin',
      1,
    ),
    rateFinding('false promotions ≤ 5 % at the margin, all disturbances', safety, 'gate-promote', 2),
    rateFinding(
      'false promotions ≤ 5 % at base rates 5, 10, 30 % with 30 looks',
      rows.filter(({ section }) => section === 'promotion'),
      'gate-promote',
      2,
    ),
    {
      promise: 'median delay ≤ 1.5 × bound + 2 looks in every cell',
      measured: `worst ${Math.max(...byClock.map(slack)).toFixed(2)} × (bound + 2 looks at 1.5), ${byClock.length} cells`,
      kept: byClock.every(({ promise }) => promise === 'kept'),
    },
    {
      promise: 'median delay ≤ 1.25 × bound on average over all cells, about 40 looks to a bound',
      measured: `${mean(efficiency).toFixed(3)} (${Math.min(...efficiency).toFixed(2)} … ${Math.max(...efficiency).toFixed(2)}), ${efficiency.length} cells`,
      kept: mean(efficiency) <= 1.25,
    },
    {
      promise: 'the same with looks of 15 s, where the bound is at least one look',
      measured: `${mean(atLooks).toFixed(3)} (${Math.min(...atLooks).toFixed(2)} … ${Math.max(...atLooks).toFixed(2)}), ${atLooks.length} cells`,
      kept: mean(atLooks) <= 1.25,
    },
    ...rows.filter(({ section }) => section === 'late').map(lateFinding),
  ];
}

function slack(row: Row): number {
  return row.medianSeconds / (1.5 * row.referenceSeconds + 2 * row.lookSeconds);
}

function rateFinding(promise: string, rows: readonly Row[], judge: string, ratio: number): Finding {
  const cells = rows.filter((row) => row.judge === judge && row.ratio === ratio);
  const hits = cells.reduce((sum, row) => sum + row.hits, 0);
  const runs = cells.reduce((sum, row) => sum + row.runs, 0);
  const worst = cells.toSorted((a, b) => b.low - a.low || b.hits / b.runs - a.hits / a.runs)[0];
  const rate =
    worst === undefined
      ? ''
      : `; worst cell ${percent(worst.hits / worst.runs)} (95 %: from ${percent(worst.low)})`;
  return {
    promise,
    measured: `${percent(hits / runs)} of ${runs} runs in ${cells.length} cells${rate}`,
    kept: cells.length > 0 && cells.every((row) => row.promise === 'kept'),
  };
}

function lateFinding(row: Row): Finding {
  const { share, rps, baseRate, medianSeconds, referenceSeconds } = row;
  return {
    promise: `× 4 after 30 min within twice the delay from the start (${rps} rps, ${share * 100} %, base ${baseRate * 100} %)`,
    measured: `${medianSeconds.toFixed(0)} s against ${referenceSeconds.toFixed(0)} s`,
    kept: row.promise === 'kept',
  };
}

export interface JudgeLine {
  readonly judge: string;
  readonly falseAlarms: string;
  readonly worstFalseAlarms: string;
  readonly caught: string;
  readonly medianMinutes: string;
  /** Requests that a canary twice as bad served until the judge stopped it, or all of the hour: means over cells. */
  readonly meanExposed: string;
  /** Median over cells of the medians. */
  readonly medianExposed: string;
  /** The mean as a part of what it would have served in the hour, so that busy cells do not outweigh the others. */
  readonly exposedPart: string;
}

/** The safety cells of every judge that stops rollouts and was asked in all of them. */
export function comparable(rows: readonly Row[]): Row[] {
  const others = ['gate-promote', 'gate-fail-no-margin'];
  return rows.filter(({ section, judge }) => section === 'safety' && !others.includes(judge));
}

/** Every judge over the same safety cells: alarms on a healthy canary, and how many of those twice as bad it stops. */
export function compareJudges(rows: readonly Row[]): JudgeLine[] {
  const safety = comparable(rows);
  return [...new Set(safety.map(({ judge }) => judge))].map((judge) => {
    const healthy = safety.filter((row) => row.judge === judge && row.ratio === 1);
    const bad = safety.filter((row) => row.judge === judge && row.ratio === 2);
    const rate = (cells: readonly Row[]): number => mean(cells.map((row) => row.hits / row.runs));
    const times = bad.map(({ medianSeconds }) => medianSeconds).filter((seconds) => seconds !== Infinity);
    return {
      judge,
      falseAlarms: percent(rate(healthy)),
      worstFalseAlarms: percent(Math.max(...healthy.map((row) => row.hits / row.runs))),
      caught: percent(rate(bad)),
      medianMinutes: times.length === 0 ? '–' : (mean(times) / 60).toFixed(1),
      meanExposed: mean(bad.map((row) => row.meanExposed)).toFixed(0),
      medianExposed: median(bad.map((row) => row.medianExposed)).toFixed(0),
      exposedPart: percent(mean(bad.map((row) => row.meanExposed / served(row)))),
    };
  });
}

/** Requests of the canary in an hour; the steps give it 5, 25 and 50 % of them. */
function served({ rps, share, disturbance }: Row): number {
  return 3600 * rps * (disturbance === 'steps' ? 0.8 / 3 : share);
}

/** False alarms where the guarantee's conditions do not hold. */
export function listLimits(rows: readonly Row[]): readonly (readonly [string, string, string])[] {
  return rows
    .filter(({ section, ratio }) => section === 'limits' || (section === 'short' && ratio === 1))
    .map(({ section, disturbance, rps, judge, hits, runs }) => [
      `${disturbance}, ${rps} rps${section === 'short' ? ', ten minutes of history' : ''}`,
      judge,
      percent(hits / runs),
    ]);
}

export function percent(rate: number): string {
  return `${(100 * rate).toFixed(rate > 0 && rate < 0.1 ? 2 : 1)} %`;
}
