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
export interface Context {
  /** When the canary began, ms. */
  readonly sinceMs: number;
  /** Start times of processes by pod, as far as they export one. */
  readonly startedMs: ReadonlyMap<string, number>;
}
