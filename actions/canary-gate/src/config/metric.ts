import type { Matcher, Selector } from '../../../../toolkit/prometheus/matchers.ts';

/** What every kind of metric has. */
interface Common {
  readonly name: string;
  /** Share of the evidence budget, before normalization. */
  readonly weight: number;
  /** Reported, never gating. */
  readonly shadow: boolean;
}

/** Events among a total, compared between the arms. `events` lists alternatives: a series that matches any counts. */
export interface RatioMetric extends Common {
  readonly type: 'ratio';
  readonly events: readonly Selector[];
  readonly total: Selector;
  readonly margin: number;
  readonly promoteMargin: number;
}

/** Events among a total of the canary alone, against an absolute limit `max` (0 < max < 1). */
export interface ObjectiveMetric extends Common {
  readonly type: 'objective';
  readonly events: readonly Selector[];
  readonly total: Selector;
  readonly max: number;
}

/** A latency histogram, classic or native; `objective` in the histogram's own unit, usually seconds. */
export interface LatencyMetric extends Common {
  readonly type: 'latency';
  readonly histogram: Selector;
  readonly objective: number | undefined;
  readonly margin: number;
  readonly promoteMargin: number;
}

/** A gauge per pod: its level, or its slope as a leak. `limit` in the gauge's own unit. */
export interface GaugeMetric extends Common {
  readonly type: 'gauge';
  readonly metric: Selector;
  readonly test: 'level' | 'leak';
  readonly limit: number | undefined;
  /** Level: how much higher, as a fraction of the stable mean, is still accepted. */
  readonly margin: number;
}

/**
 * Restarts with pod-seconds as exposure: jumps of a start time, or increments of a counter such as that of
 * kube-state-metrics. OOM kills and crash loops that kube-state-metrics reports trip at once.
 */
export interface RestartsMetric extends Common {
  readonly type: 'restarts';
  readonly metric: Selector;
  readonly margin: number;
}

/** A firing alert with these matchers that also selects the canary. */
export interface AlertMetric extends Common {
  readonly type: 'alert';
  readonly matchers: readonly Matcher[];
}

/** Log lines counted by Loki, per request or per pod-second of the arm. */
export interface LogsMetric extends Common {
  readonly type: 'logs';
  readonly url: string;
  readonly query: string;
  readonly total: Selector;
  readonly margin: number;
}

export type MetricConfig =
  RatioMetric | ObjectiveMetric | LatencyMetric | GaugeMetric | RestartsMetric | AlertMetric | LogsMetric;
