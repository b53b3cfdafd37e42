import { logSum } from './log-space.ts';

export interface WeightedEvidence {
  readonly name: string;
  /** Relative weight > 0, fixed before the test; the weights are normalised to sum to 1. */
  readonly weight: number;
  readonly logE: number;
}

export interface AveragedEvidence {
  /** ln Ē, Ē = Σ w_m E_m: an e-process under any dependence between the metrics. */
  readonly logE: number;
  /** Each metric's part of Ē, largest first: the culprits. The parts sum to 1. */
  readonly parts: readonly { readonly name: string; readonly part: number }[];
}

/** Averages e-values; never weaker than the Bonferroni correction with the same weights. Throws RangeError on none. */
export function averageEvidence(evidence: readonly WeightedEvidence[]): AveragedEvidence {
  const total = evidence.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0)) throw new RangeError('no evidence to average: the weights must sum to more than 0');
  const terms = evidence.map(({ name, weight, logE }) => ({ name, log: Math.log(weight / total) + logE }));
  const logE = terms.every(({ log }) => log === -Infinity) ? -Infinity : logSum(terms.map(({ log }) => log));
  const parts = terms
    .map(({ name, log }) => ({ name, part: log === -Infinity ? 0 : Math.exp(log - logE) }))
    .sort((a, b) => b.part - a.part);
  // Weights that sum to 1 only nearly would make "no evidence at all" look like evidence of 10⁻¹⁶.
  return { logE: evidence.every((item) => item.logE === 0) ? 0 : logE, parts };
}
