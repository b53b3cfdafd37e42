import { printSelector } from '../../../../toolkit/prometheus/matchers.ts';
import { planQueries } from '../../../../toolkit/prometheus/query-plan.ts';
import { podOf } from '../../../../toolkit/prometheus/series.ts';
import { armSelectors, type Arms } from './arms.ts';
import type { Samples } from './look.ts';

const metric = 'process_start_time_seconds';

/** When each pod's process began, from the gauge that every Prometheus client library exports. */
export function processStarts(arms: Arms): {
  readonly query: string;
  readonly update: (samples: Samples) => ReadonlyMap<string, number>;
} {
  const plan = planQueries(armSelectors({ metric, matchers: [] }, arms));
  // Start times are a help, not a need: one query has to do, however the arms are selected.
  const query = plan.length === 1 ? (plan[0] ?? metric) : printSelector([metric], arms.canary);
  const started = new Map<string, number>();
  return {
    query,
    update: (samples) => {
      for (const { labels, samples: values } of samples.get(query) ?? []) {
        const newest = values.at(-1)?.[1];
        if (newest !== undefined && Number.isFinite(newest)) started.set(podOf(labels), newest * 1000);
      }
      return started;
    },
  };
}
