import { counterTracker, type SeriesProblem } from '../../../../toolkit/prometheus/counter-tracker.ts';
import type { Selector } from '../../../../toolkit/prometheus/matchers.ts';
import { planQueries, selectorTest } from '../../../../toolkit/prometheus/query-plan.ts';
import type { Labels, RawSeries } from '../../../../toolkit/prometheus/series.ts';
import { sumOf } from './arm-sums.ts';
import { armSelectors, armTest, type Arm, type Arms } from './arms.ts';
import type { Context, Look, Samples } from './look.ts';
import type { ArmTotals } from './report.ts';
import { warmUpMs } from './warm-up.ts';

export interface PodCounts extends ArmTotals {
  readonly pod: string;
  readonly arm: Arm;
}

/** Events and totals of one look: whole numbers, by pod. */
export interface LookCounts {
  readonly pods: readonly PodCounts[];
  readonly canary: ArmTotals;
  readonly stable: ArmTotals;
  readonly problems: readonly SeriesProblem[];
  /** Arms that have given at least one series since the start. */
  readonly seen: ReadonlySet<Arm>;
  /** Arms whose requests of this look were left out because their pods had just begun. */
  readonly warming: ReadonlySet<Arm>;
}

export interface EventCounter {
  readonly queries: readonly string[];
  readonly count: (look: Look, samples: Samples, context: Context) => LookCounts;
  /** Pods of an arm whose newest sample is older than `ageMs` at `nowMs`, and how many there are in all. */
  readonly silent: (arm: Arm, nowMs: number, ageMs: number) => { silent: string[]; all: number };
}

interface Role {
  readonly arm: Arm | undefined;
  readonly event: boolean;
  readonly total: boolean;
}

/** Counts events and totals of both arms out of counter series. */
export function eventCounter(
  events: readonly Selector[],
  total: Selector,
  arms: Arms,
  sinceMs: number,
): EventCounter {
  const tracker = counterTracker(sinceMs);
  const queries = planQueries([total, ...events].flatMap((selector) => armSelectors(selector, arms)));
  const eventTests = events.map((selector) => ({ is: selectorTest(selector), arm: armTest(selector, arms) }));
  const totalTest = { is: selectorTest(total), arm: armTest(total, arms) };
  const roles = new WeakMap<Labels, Role>();
  const seen = new Set<Arm>();

  const roleOf = (labels: Labels): Role => {
    const known = roles.get(labels);
    if (known !== undefined) return known;
    const matching = eventTests.find((test) => test.is(labels));
    const arm = totalTest.arm(labels) ?? matching?.arm(labels);
    const role = { arm, event: matching !== undefined, total: totalTest.is(labels) };
    roles.set(labels, role);
    return role;
  };

  return {
    queries,
    count: (look, samples, context) => {
      const series = gather(queries, samples);
      const { increments, problems } = tracker.feed(series, look.endMs, context.startedMs);
      if (seen.size < 2)
        for (const { labels } of tracker.pods()) {
          const { arm } = roleOf(labels);
          if (arm !== undefined) seen.add(arm);
        }
      const warming = new Set<Arm>();
      const pods = new Map<string, { pod: string; arm: Arm; events: number; total: number }>();
      for (const { series: one, delta } of increments) {
        const { arm, event, total: counted } = roleOf(one.labels);
        if (arm === undefined) continue;
        // What a pod does in its first minute (caches, pools, compilation) says little about what it will do.
        const ready = tracker.firstSeenMs(one.pod) ?? -Infinity;
        if (look.startMs < ready + warmUpMs && ready > sinceMs - warmUpMs) {
          warming.add(arm);
          continue;
        }
        const key = `${arm} ${one.pod}`;
        const entry = pods.get(key) ?? { pod: one.pod, arm, events: 0, total: 0 };
        if (event) entry.events += delta;
        if (counted) entry.total += delta;
        pods.set(key, entry);
      }
      const list = [...pods.values()];
      const relevant = problems.filter(({ labels }) => roleOf(labels).arm !== undefined);
      return {
        pods: list,
        canary: sumOf(list, 'canary'),
        stable: sumOf(list, 'stable'),
        problems: relevant,
        seen,
        warming,
      };
    },
    silent: (arm, nowMs, ageMs) => {
      const all = [...tracker.pods()].filter(({ labels }) => roleOf(labels).arm === arm);
      return { silent: all.filter((p) => nowMs - p.lastMs > ageMs).map((p) => p.pod), all: all.length };
    },
  };
}

function gather(queries: readonly string[], samples: Samples): readonly RawSeries[] {
  const [only] = queries;
  if (queries.length === 1 && only !== undefined) return samples.get(only) ?? [];
  // Several queries may fetch one series twice; the tracker ignores samples it has seen.
  return queries.flatMap((query) => samples.get(query) ?? []);
}
