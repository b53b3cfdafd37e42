import { averageEvidence } from '../../../../toolkit/statistics/average.ts';
import {
  chooseBoundaries,
  quantileInterval,
  type Bucket,
} from '../../../../toolkit/statistics/bucket-quantiles.ts';
import type { LatencyMetric } from '../config/metric.ts';
import { bucketCounter, type PodBuckets } from './bucket-counts.ts';
import { comparison, type Comparison, type ComparisonFindings } from './comparison.ts';
import type { PodCounts } from './event-counts.ts';
import type { AnalyserOptions, MetricAnalyser } from './metric-analyser.ts';
import { commonBoundaries, layoutProblems } from './bucket-layout.ts';
import { countProblems } from './problems.ts';
import type { ArmTotals, DataProblem } from './report.ts';

interface Boundary {
  readonly le: number;
  /** Promotion has to be proved here: it is the objective, or a part of the tail that stable itself shows. */
  readonly votes: boolean;
  readonly comparison: Comparison;
}

/** Shares of slower requests that count as the tail for promotion: from p80 to p99. */
const tail = { most: 0.2, least: 0.01 };

/**
 * Is the canary stochastically slower? The error test on "slower than le" for up to eight boundaries that were fixed
 * before the canary; the mean of their e-values is an e-value of the whole distribution.
 */
export function latencyAnalyser(metric: LatencyMetric, options: AnalyserOptions): MetricAnalyser {
  const { margin, promoteMargin, objective } = metric;
  const counter = bucketCounter(metric.histogram, options.arms, options.sinceMs);
  // Requests by the place of their boundary: stable's before the canary, the canary's since.
  const history: number[] = [];
  const served: number[] = [];
  const comparisons = new Map<number, Comparison>();
  let boundaries: Boundary[] | undefined;

  const comparisonAt = (le: number): Comparison => {
    const known = comparisons.get(le) ?? comparison({ ...options, margin, promoteMargin });
    comparisons.set(le, known);
    return known;
  };
  const cumulative = (sums: readonly number[], within: readonly number[]): Bucket[] =>
    [...within, Infinity].map((le) => ({ le, count: sums[counter.placeOf(le)] ?? 0 }));
  const slower = (pods: readonly PodBuckets[], le: number): PodCounts[] =>
    slowerThan(withBoundary(pods, counter.lacking(le)), counter.placeOf(le), counter.placeOf(Infinity));

  const fix = (common: readonly number[]): Boundary[] | undefined => {
    if (common.length === 0) return undefined;
    const shape = cumulative(history, common);
    const chosen = chooseBoundaries(shape, objective).filter(Number.isFinite);
    const decisive = new Set(votingBoundaries(shape, chosen, objective));
    const fixed = chosen.map((le) => ({ le, votes: decisive.has(le), comparison: comparisonAt(le) }));
    comparisons.clear();
    return fixed;
  };

  return {
    queries: counter.queries,
    baseline: (look, samples, context) => {
      const { pods } = counter.count(look, samples, context);
      const stable = pods.filter(({ arm }) => arm === 'stable');
      addTo(history, stable);
      // Which boundaries will be tested is known when the canary's layout is: all of them learn the dispersion.
      for (const le of counter.boundaries('stable')) comparisonAt(le).baseline(slower(stable, le));
    },
    look: (look, samples, context) => {
      const counts = counter.count(look, samples, context);
      const common = commonBoundaries(counter, look.endMs);
      boundaries ??= fix(common);
      const found = (boundaries ?? []).map((one) => ({
        ...one,
        findings: counter.readable(one.le)
          ? one.comparison.look(look, slower(counts.pods, one.le), counts.gaps)
          : one.comparison.findings(),
      }));
      addTo(
        served,
        counts.pods.filter(({ arm }) => arm === 'canary'),
      );
      const worst = worstOf(found);
      const zero = { events: 0, total: 0 };
      const totals = worst?.findings ?? { canary: zero, stable: zero };
      const problems = countProblems(counts, totals, options.arms, counter, look.endMs, context);
      return {
        ...(worst === undefined ? nothing : combined(found, worst)),
        distribution: found.map(({ le, findings }) => ({
          le,
          canary: within(findings.canary),
          stable: within(findings.stable),
        })),
        ...(worst === undefined
          ? {}
          : {
              note: note(
                worst.le,
                cumulative(
                  served,
                  found.map(({ le }) => le),
                ),
                options.promoteAlpha,
              ),
            }),
        problems: [
          ...layoutProblems(counter, common, found, look.endMs),
          ...coarse(found.filter(({ le }) => !counter.readable(le)).map(({ le }) => le)),
          ...problems,
        ],
      };
    },
  };
}

type Found = Boundary & { readonly findings: ComparisonFindings };

const nothing = {
  logE: 0,
  logPromote: 0,
  canary: { events: 0, total: 0 },
  stable: { events: 0, total: 0 },
};

function combined(
  found: readonly Found[],
  worst: Found,
): Omit<ComparisonFindings, 'logPromote'> & { logPromote: number } {
  const named = found.map(({ le, findings }) => ({ name: String(le), weight: 1, logE: findings.logE }));
  const voting = found.filter(({ votes }) => votes);
  const weakest = voting.reduce(
    (low, one) => (promotion(one) < promotion(low) ? one : low),
    voting[0] ?? worst,
  );
  const placebo = found.map(({ findings }) => findings.placebo);
  return {
    ...worst.findings,
    logE: averageEvidence(named).logE,
    logPromote: promotion(weakest),
    placebo: {
      crossed: Math.max(...placebo.map(({ crossed }) => crossed)),
      pods: Math.max(...placebo.map(({ pods }) => pods)),
    },
    ...(weakest.findings.needs === undefined ? {} : { needs: weakest.findings.needs }),
  };
}

function within({ events, total }: ArmTotals): number {
  return total === 0 ? 0 : 1 - events / total;
}

function promotion({ findings }: Found): number {
  return findings.logPromote ?? 0;
}

/** The boundary that carries most of the evidence: what the table shows. */
function worstOf(found: readonly Found[]): Found | undefined {
  const [first] = found;
  return (
    first && found.reduce((worst, one) => (one.findings.logE > worst.findings.logE ? one : worst), first)
  );
}

function votingBoundaries(
  shape: readonly Bucket[],
  chosen: readonly number[],
  objective: number | undefined,
): readonly number[] {
  const total = shape.at(-1)?.count ?? 0;
  const share = (le: number): number => {
    const within = shape.find((bucket) => bucket.le === le)?.count ?? 0;
    return total === 0 ? NaN : 1 - within / total;
  };
  const inTail = chosen.filter((le) => share(le) <= tail.most && share(le) >= tail.least);
  const aim = objective === undefined ? undefined : chosen.find((le) => le >= objective);
  const voting = [...new Set([...inTail, ...(aim === undefined ? [] : [aim])])];
  return voting.length > 0 ? voting : chosen;
}

/** Of a pod without the boundary every request would seem to be slower. */
function withBoundary(pods: readonly PodBuckets[], lacking: ReadonlySet<string>): readonly PodBuckets[] {
  return lacking.size === 0 ? pods : pods.filter(({ pod }) => !lacking.has(pod));
}

/** Requests slower than the boundary at a place, by pod. */
function slowerThan(pods: readonly PodBuckets[], place: number, allPlace: number): PodCounts[] {
  return pods.map(({ pod, arm, within }) => {
    const total = within[allPlace] ?? 0;
    // A scrape that catches a histogram between two of its series can be off by a request.
    const events = Math.min(total, Math.max(0, total - (within[place] ?? 0)));
    return { pod, arm, total, events };
  });
}

function addTo(sums: number[], pods: readonly PodBuckets[]): void {
  for (const { within } of pods)
    for (const [place, count] of within.entries()) sums[place] = (sums[place] ?? 0) + (count ?? 0);
}

function note(le: number, buckets: readonly Bucket[], alpha: number): string {
  const { low, high } = quantileInterval(buckets, 0.99, alpha);
  const bound = (value: number): string =>
    Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '∞';
  const p99 = `canary's p99 between ${low === -Infinity ? 0 : bound(low)} and ${bound(high)}`;
  return `slower than ${Number(le.toPrecision(6))}; ${p99}`;
}

function coarse(lost: readonly number[]): DataProblem[] {
  if (lost.length === 0) return [];
  const text = `native histograms became too coarse to tell what is slower than ${lost.join(', ')}`;
  return [{ kind: 'bucket-layout', text, blocks: true }];
}
