import type { Pods } from './pod-directory.ts';
import type { RawSeries } from '../../../../toolkit/prometheus/series.ts';

/** One look: the interval of time whose samples it takes in. Looks follow each other without gap or overlap. */
export interface Look {
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly step: number;
  /** True for the first look of a traffic step. */
  readonly stepStart: boolean;
}

/** Raw samples by query: the text of a selector → its series with the samples of one look. */
export type Samples = ReadonlyMap<string, readonly RawSeries[]>;

/** What every metric shares while it is analysed. */
export type Context = Pods;

/** Log lines to be counted by Loki, once per look; the counts come back as samples under `key`. */
export interface LogQuery {
  readonly key: string;
  readonly url: string;
  /** LogQL with `[RANGE]` in place of the length of a look. */
  readonly expression: string;
}

/** The series of several queries. One that two of them fetched comes twice; trackers ignore samples they have seen. */
export function samplesOf(samples: Samples, queries: readonly string[]): readonly RawSeries[] {
  const [only] = queries;
  if (queries.length === 1 && only !== undefined) return samples.get(only) ?? [];
  return queries.flatMap((query) => samples.get(query) ?? []);
}
