import type { SeriesProblem } from '../../../../toolkit/prometheus/counter-tracker.ts';
import { printMatchers } from '../../../../toolkit/prometheus/matchers.ts';
import type { Labels } from '../../../../toolkit/prometheus/series.ts';
import type { Arm, Arms } from './arms.ts';
import type { ArmTracker, TrackNotes } from './arm-tracker.ts';
import type { Pods } from './pod-directory.ts';
import type { ArmTotals, DataProblem } from './report.ts';

/** A target that has been silent for this long is a data alarm. */
export const silentMs = 300_000;

/** The typed problems of one metric's counters, each kind named once. */
export function countProblems(
  counts: TrackNotes,
  totals: { readonly canary: ArmTotals; readonly stable: ArmTotals },
  arms: Arms,
  counter: Pick<ArmTracker<unknown>, 'silent'>,
  nowMs: number,
  pods: Pick<Pods, 'targets'>,
): DataProblem[] {
  const problems: DataProblem[] = [];
  for (const arm of ['canary', 'stable'] as const) {
    if (!counts.seen.has(arm)) problems.push(noSeries(arm, arms));
    else if (totals[arm].total === 0) problems.push(noTraffic(arm, counts.warming.has(arm)));
    const { silent, all } = counter.silent(arm, nowMs, silentMs);
    if (all > 0 && silent.length === all) problems.push(targetDown(arm, silent));
    else problems.push(...partlyDown(arm, silent, all, nowMs, pods));
  }
  const kinds = new Set<string>();
  for (const problem of counts.problems) {
    if (kinds.has(problem.kind)) continue;
    kinds.add(problem.kind);
    problems.push(seriesProblem(problem));
  }
  return problems;
}

export function noSeries(arm: Arm, arms: Arms): DataProblem {
  const text = `no series at all for the ${arm} (${printMatchers(arms[arm])}): check the matchers and that it is scraped`;
  return { kind: 'no-series', arm, text, blocks: true };
}

export function noTraffic(arm: Arm, warming: boolean): DataProblem {
  const text = warming
    ? `the ${arm}'s pods have just begun: their first minute is left out`
    : `the ${arm} has series but no traffic yet`;
  return { kind: 'no-traffic', arm, text, blocks: true };
}

export function targetDown(arm: Arm, pods: readonly string[]): DataProblem {
  const text = `no sample of the ${arm} for 5 min (${pods.slice(0, 3).join(', ')}): its targets are down`;
  return { kind: 'target-down', arm, text, blocks: true };
}

/** Whether a pod was a target, and is none any more. */
export function scaledAway(pod: string, nowMs: number, { targets }: Pick<Pods, 'targets'>): boolean {
  const target = targets.get(pod);
  return target !== undefined && target.triedMs <= nowMs - silentMs;
}

/**
 * Some pods of an arm are silent. Those that are no longer targets have been scaled away; of those that Prometheus still
 * tries and cannot reach, a canary's is a reason not to promote. Without `up` the two cannot be told apart.
 */
function partlyDown(
  arm: Arm,
  silent: readonly string[],
  all: number,
  nowMs: number,
  pods: Pick<Pods, 'targets'>,
): DataProblem[] {
  const { targets } = pods;
  const down = silent.filter(
    (pod) => !scaledAway(pod, nowMs, pods) && (targets.get(pod)?.reachedMs ?? Infinity) <= nowMs - silentMs,
  );
  const unknown = silent.filter((pod) => !targets.has(pod));
  const text = (some: readonly string[], what: string): string =>
    `no sample of ${some.length} of the ${arm}'s ${all} pods for 5 min (${some.slice(0, 3).join(', ')}): ${what}`;
  const kind = 'target-down';
  return [
    ...(down.length === 0
      ? []
      : [{ kind, arm, text: text(down, 'their targets are down'), blocks: arm === 'canary' } as const]),
    ...(unknown.length === 0
      ? []
      : [{ kind, arm, text: text(unknown, 'they are down or gone'), blocks: false } as const]),
  ];
}

/** Counts that no pair of events within a total can give: such a look is left out of the evidence. */
export function unusable(counts: {
  readonly canary: ArmTotals;
  readonly stable: ArmTotals;
}): DataProblem | undefined {
  for (const arm of ['canary', 'stable'] as const) {
    const { events, total } = counts[arm];
    if (!Number.isSafeInteger(events) || !Number.isSafeInteger(total)) {
      const text = `the ${arm}'s counters hold fractions: count events, not seconds or bytes`;
      return { kind: 'unreadable', arm, text, blocks: true };
    }
    if (events > total) {
      const text = `the ${arm} has ${events} events among ${total}: 'events' has to be a part of 'total'`;
      return { kind: 'events-exceed-total', arm, text, blocks: true };
    }
  }
  return undefined;
}

export function seriesProblem(problem: SeriesProblem): DataProblem {
  const where = shortLabels(problem.labels);
  switch (problem.kind) {
    case 'nan':
      return { kind: 'nan', text: `NaN in the counter ${where}: the sample is left out`, blocks: true };
    case 'infinite':
      return { kind: 'infinite', text: `an infinite counter ${where}: the sample is left out`, blocks: true };
    case 'negative':
      return { kind: 'negative', text: `a negative counter ${where}: this is not a counter`, blocks: true };
    case 'duplicate':
      return {
        kind: 'duplicate',
        text: `${problem.pod} is scraped more than once ${where}: counted once`,
        blocks: false,
      };
    case 'relabelled':
      return {
        kind: 'relabelled',
        text: `labels of ${problem.pod} changed while it ran ${where}: counted on from there`,
        blocks: false,
      };
  }
}

/** At most a few labels, enough to find the series. */
function shortLabels(labels: Labels): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}="${value}"`);
  const text = `${name}{${pairs.join(',')}}`;
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}
