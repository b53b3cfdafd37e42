import { objectiveTest } from '../../../../toolkit/statistics/objective-test.ts';
import { dispersion } from '../../../../toolkit/statistics/dispersion.ts';
import type { ObjectiveMetric } from '../config/metric.ts';
import { add } from './arm-sums.ts';
import { eventCounter } from './event-counts.ts';
import type { AnalyserOptions, MetricAnalyser } from './metric-analyser.ts';
import { countProblems, unusable } from './problems.ts';

/**
 * The canary's event rate against an absolute limit: fails above it, passes below it. Nothing waits for silent pods here:
 * a pod's events and its requests come with the same scrapes, and no other arm has to cover the same span.
 */
export function objectiveAnalyser(metric: ObjectiveMetric, options: AnalyserOptions): MetricAnalyser {
  const counter = eventCounter(metric.events, metric.total, options.arms, options.sinceMs);
  const fail = objectiveTest({ side: 'fail', max: metric.max });
  const pass = objectiveTest({ side: 'pass', max: metric.max });
  const spread = dispersion();
  const zero = { events: 0, total: 0 };
  let state = { logE: 0, logPromote: 0, canary: zero, stable: zero, phi: 1 };

  return {
    queries: counter.queries,
    baseline: (look, samples, context) => {
      spread.update(counter.count(look, samples, context).pods.filter(({ arm }) => arm === 'stable'));
    },
    look: (look, samples, context) => {
      const counts = counter.count(look, samples, context);
      const bad = unusable(counts);
      if (bad === undefined) {
        const { phi } = spread.current;
        const now = { ...counts.canary, phi };
        state = {
          logE: fail.update(now).logE,
          logPromote: pass.update(now).logE,
          canary: add(state.canary, counts.canary),
          stable: add(state.stable, counts.stable),
          phi,
        };
        spread.update(counts.pods.filter(({ arm }) => arm === 'stable'));
      }
      const problems = countProblems(counts, state, options.arms, counter, look.endMs, context)
        // Only the canary is judged here: a silent stable version is no obstacle.
        .filter(({ arm }) => arm !== 'stable');
      const share = `at most ${Number((metric.max * 100).toPrecision(4))} % allowed`;
      return { ...state, note: share, problems: bad === undefined ? problems : [bad, ...problems] };
    },
  };
}
