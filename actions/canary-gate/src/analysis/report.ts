/** What the analysis says after each look: plain data, the same for the log, the summary, the report and the verdict. */

export interface ArmTotals {
  readonly events: number;
  readonly total: number;
}

/** Why a number is missing or not to be trusted. `blocks`: neither pass nor fail may rest on this metric now. */
export interface DataProblem {
  readonly kind:
    | 'no-series'
    | 'no-traffic'
    | 'nan'
    | 'infinite'
    | 'negative'
    | 'duplicate'
    | 'relabelled'
    | 'events-exceed-total'
    | 'bucket-layout'
    | 'target-down'
    | 'unreadable';
  /** The arm it is about, where it is about one. */
  readonly arm?: 'canary' | 'stable';
  readonly text: string;
  readonly blocks: boolean;
}

export interface Interval {
  readonly estimate: number | undefined;
  readonly lower: number;
  readonly upper: number;
}

export interface MetricReport {
  readonly name: string;
  readonly type: string;
  readonly shadow: boolean;
  /** Share of the evidence budget among the gating metrics; they sum to 1. 0 for a shadow metric. */
  readonly weight: number;
  /** ln E against the canary. */
  readonly logE: number;
  /** ln E for promotion; undefined when this kind of metric has no such test. */
  readonly logPromote: number | undefined;
  readonly canary: ArmTotals;
  readonly stable: ArmTotals;
  /** Ratio of the rates with its confidence sequence. */
  readonly ratio?: Interval;
  readonly phi?: number;
  /** Stable pods that would have failed the same test against the others, of how many. */
  readonly placebo?: { readonly crossed: number; readonly pods: number };
  /** Requests of both arms that promotion would still need, if the canary is as good as stable. */
  readonly needs?: number;
  /** Set when the metric fails the canary by itself, without statistics. */
  readonly tripped?: string;
  /** Gauges: mean of the arm's pods at this look, and the canary's growth per second once it can be told. */
  readonly levels?: {
    readonly canary: number;
    readonly stable: number;
    readonly slope?: number;
    readonly slopeLow?: number;
  };
  /** Latency: share of requests within each tested boundary, 0 … 1. */
  readonly distribution?: readonly {
    readonly le: number;
    readonly canary: number;
    readonly stable: number;
  }[];
  /** One more sentence for people: a slope, a slow boundary, a quantile. */
  readonly note?: string;
  readonly problems: readonly DataProblem[];
}

export interface LookReport {
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  /** The traffic step in force, 0-based. */
  readonly step: number;
  readonly metrics: readonly MetricReport[];
  /** ln of the weighted mean of the gating metrics' E. */
  readonly logE: number;
  /** The canary's part of all requests since the traffic step began, 0 … 1; undefined without requests. */
  readonly observedShare?: number;
  /** Set when the observed share cannot be what the step configures. */
  readonly shareMismatch?: boolean;
  /** Requests the canary has served since the start. */
  readonly canaryRequests: number;
}
