/**
 * How much evidence one event carries: the Kullback–Leibler divergence in nats between the canary's share of the
 * events at log ratio `d` and at the margin `d0`, with `share` = the canary's part of the requests (0 < share < 1).
 * Exact for rare events; at high event rates an event among all requests carries more (Wald 1945; Lindon & Malek 2022).
 */
export function evidencePerEvent(share: number, d: number, d0: number): number {
  const theta = canaryShare(share, d);
  const null_ = canaryShare(share, d0);
  return theta * Math.log(theta / null_) + (1 - theta) * Math.log((1 - theta) / (1 - null_));
}

/** Events of both arms that the best possible test needs on average: ln(1/α)/KL (Wald's bound). */
export function expectedEvents(options: {
  readonly share: number;
  readonly ratio: number;
  readonly margin: number;
  readonly alpha: number;
}): number {
  const { share, ratio, margin, alpha } = options;
  return -Math.log(alpha) / evidencePerEvent(share, Math.log(ratio), Math.log(margin));
}

export interface MoreNeeded {
  /** Events of both arms still needed, about. */
  readonly events: number;
  /** Canary requests still needed, about; Infinity while no event has been seen. */
  readonly canaryRequests: number;
}

/**
 * "Needs about N more requests": what remains to ln(1/α) at the rate that `ratio` (1 for a healthy canary) gives,
 * with the traffic shares and the event rate seen so far.
 */
export function moreNeeded(options: {
  readonly logE: number;
  readonly alpha: number;
  readonly ratio: number;
  readonly margin: number;
  readonly canary: { readonly events: number; readonly total: number };
  readonly stable: { readonly events: number; readonly total: number };
}): MoreNeeded {
  const { logE, alpha, ratio, margin, canary, stable } = options;
  const missing = Math.max(0, -Math.log(alpha) - logE);
  const total = canary.total + stable.total;
  if (missing === 0) return { events: 0, canaryRequests: 0 };
  if (canary.total === 0 || stable.total === 0) return { events: Infinity, canaryRequests: Infinity };
  const share = canary.total / total;
  const perEvent = evidencePerEvent(share, Math.log(ratio), Math.log(margin));
  const events = Math.ceil(missing / perEvent);
  const seen = canary.events + stable.events;
  return { events, canaryRequests: seen === 0 ? Infinity : Math.ceil((events / seen) * canary.total) };
}

function canaryShare(share: number, d: number): number {
  const canary = share * Math.exp(d);
  return canary / (canary + 1 - share);
}
