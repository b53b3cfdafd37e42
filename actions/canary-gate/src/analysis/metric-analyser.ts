import type { Arms } from './arms.ts';
import type { Context, LogQuery, Look, Samples } from './look.ts';
import type { MetricReport } from './report.ts';

/** What a metric says after a look, without the share of the budget, which the whole analysis knows. */
export type MetricFindings = Omit<MetricReport, 'name' | 'type' | 'shadow' | 'weight'>;

/** What every analyser is made with. */
export interface AnalyserOptions {
  readonly arms: Arms;
  /** When the canary began, ms. */
  readonly sinceMs: number;
  readonly alpha: number;
  readonly promoteAlpha: number;
  /** The metric's share of the evidence budget, 0 … 1; default all of it. */
  readonly share?: number;
}

/** Folds the looks of one metric. The same looks in the same order always give the same findings. */
export interface MetricAnalyser {
  /** Selectors whose raw samples it needs. */
  readonly queries: readonly string[];
  /** Log lines it needs counted. */
  readonly logQueries?: readonly LogQuery[];
  /** Takes a look at what was there before the canary began: anchors, dispersion, quantiles. No evidence. */
  readonly baseline: (look: Look, samples: Samples, context: Context) => void;
  readonly look: (look: Look, samples: Samples, context: Context) => MetricFindings;
}
