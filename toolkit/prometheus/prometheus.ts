import type { RawAnswer } from './series.ts';

/**
 * Reads raw samples. `rangeVector` gives every stored sample of the selector in (endMs − windowMs, endMs]; nothing is
 * interpolated. Both reject with `QueryFailure` when the server did not give usable data.
 */
export interface PrometheusPort {
  readonly rangeVector: (
    selector: string,
    endMs: number,
    windowMs: number,
    signal: AbortSignal,
  ) => Promise<RawAnswer>;
  /** The server's own clock in milliseconds: samples are stamped by it, not by the runner's. */
  readonly serverTime: (signal: AbortSignal) => Promise<number>;
}

/** Why a query gave no data. None of these says anything about the canary. */
export type QueryProblem =
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'busy'; readonly status: number; readonly detail: string }
  | { readonly kind: 'unauthorized'; readonly status: number; readonly detail: string }
  | { readonly kind: 'refused'; readonly status: number; readonly detail: string }
  | { readonly kind: 'garbage'; readonly status: number; readonly detail: string }
  | { readonly kind: 'partial'; readonly detail: string };

export class QueryFailure extends Error {
  override readonly name = 'QueryFailure';
  readonly problem: QueryProblem;

  constructor(problem: QueryProblem, options?: ErrorOptions) {
    super(describeQueryProblem(problem), options);
    this.problem = problem;
  }
}

/** One sentence for people. */
export function describeQueryProblem(problem: QueryProblem): string {
  switch (problem.kind) {
    case 'unreachable':
      return `Prometheus cannot be reached: ${problem.detail}`;
    case 'busy':
      return `Prometheus is busy or down (status ${problem.status}): ${problem.detail}`;
    case 'unauthorized':
      return `Prometheus refuses the credentials (status ${problem.status}): ${problem.detail}`;
    case 'refused':
      return `Prometheus refuses the query (status ${problem.status}): ${problem.detail}`;
    case 'garbage':
      return `what answered is not a Prometheus API (status ${problem.status}): ${problem.detail}`;
    case 'partial':
      return `Prometheus says that its answer is incomplete: ${problem.detail}`;
  }
}
