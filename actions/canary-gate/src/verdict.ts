import type { LookReport, MetricReport } from './analysis/report.ts';

/** What a decision needs besides the evidence. */
export interface VerdictPolicy {
  readonly alpha: number;
  readonly promoteAlpha: number;
  readonly sinceMs: number;
  readonly minDurationMs: number;
  readonly maxDurationMs: number;
  /** Traffic steps are all done: the last one has been in force for one whole interval. */
  readonly stepsDone: boolean;
}

export type InconclusiveCause =
  'no-series' | 'no-traffic' | 'bad-data' | 'placebo' | 'not-enough' | 'prometheus' | 'cancelled' | 'traffic';

export type Verdict =
  | { readonly kind: 'pass'; readonly reason: string; readonly atMs: number }
  | {
      readonly kind: 'fail';
      readonly reason: string;
      readonly culprits: readonly string[];
      readonly atMs: number;
    }
  | {
      readonly kind: 'inconclusive';
      readonly cause: InconclusiveCause;
      readonly reason: string;
      readonly atMs: number;
    };

/** Either a verdict, or what the gate is still waiting for. */
export type Decision =
  | { readonly decided: true; readonly verdict: Verdict }
  | { readonly decided: false; readonly waitingFor: string };

/** Evidence above which a metric counts as failing, so that nothing is promoted beside it. */
const failingE = Math.log(3);

/** The verdict after a look: a pure function of the evidence and the policy, valid at every look (Ville). */
export function decide(look: LookReport, policy: VerdictPolicy): Decision {
  const gating = look.metrics.filter(({ shadow }) => !shadow);
  const atMs = look.endMs;
  const fail = failure(look, gating, policy);
  if (fail !== undefined) {
    const capped = gating.filter((metric) => placeboCapped(metric, policy.alpha));
    if (capped.length > 0 && !gating.some(({ tripped }) => tripped !== undefined))
      return verdict({ kind: 'inconclusive', cause: 'placebo', reason: placeboReason(capped), atMs });
    return verdict({ kind: 'fail', ...fail, atMs });
  }

  const elapsedMs = look.endMs - policy.sinceMs;
  const blocker = promotionBlocker(gating, elapsedMs, policy);
  if (blocker === undefined) return verdict({ kind: 'pass', reason: passReason(gating), atMs });
  if (elapsedMs >= policy.maxDurationMs)
    return verdict({ kind: 'inconclusive', cause: blocker.cause, reason: blocker.text, atMs });
  return { decided: false, waitingFor: blocker.text };
}

function verdict(value: Verdict): Decision {
  return { decided: true, verdict: value };
}

function failure(
  look: LookReport,
  gating: readonly MetricReport[],
  policy: VerdictPolicy,
): { reason: string; culprits: string[] } | undefined {
  const tripped = gating.filter((metric) => metric.tripped !== undefined);
  if (tripped.length > 0) {
    const reason = tripped.map(({ name, tripped: why }) => `${name}: ${why ?? ''}`).join('; ');
    return { reason, culprits: tripped.map(({ name }) => name) };
  }
  if (look.logE < -Math.log(policy.alpha)) return undefined;
  const byShare = gating
    .map((metric) => ({ metric, share: Math.log(metric.weight) + metric.logE }))
    .sort((a, b) => b.share - a.share);
  const top = byShare[0]?.share ?? 0;
  // What carries at least a tenth of the largest share is named with it.
  const culprits = byShare.filter(({ share }) => share >= top - Math.LN10).map(({ metric }) => metric);
  const text = culprits.map(describe).join('; ');
  const e = formatE(look.logE);
  return {
    reason: `the canary is worse than stable beyond the margin: ${text} (E = ${e}, ${formatE(-Math.log(policy.alpha))} needed)`,
    culprits: culprits.map(({ name }) => name),
  };
}

function promotionBlocker(
  gating: readonly MetricReport[],
  elapsedMs: number,
  policy: VerdictPolicy,
): { cause: InconclusiveCause; text: string } | undefined {
  for (const metric of gating) {
    const problem = metric.problems.find(({ blocks }) => blocks);
    if (problem === undefined) continue;
    const cause = problem.kind === 'no-series' || problem.kind === 'no-traffic' ? problem.kind : 'bad-data';
    return { cause, text: `${metric.name}: ${problem.text}` };
  }
  const capped = gating.filter((metric) => placeboCapped(metric, policy.alpha));
  if (capped.length > 0) return { cause: 'placebo', text: placeboReason(capped) };
  const failing = gating.find(({ logE }) => logE >= failingE);
  if (failing !== undefined)
    return { cause: 'not-enough', text: `${failing.name} looks worse than stable, which is not proved yet` };
  const voting = gating.filter(({ logPromote }) => logPromote !== undefined);
  if (voting.length === 0)
    return {
      cause: 'not-enough',
      text: 'no metric can prove the canary good: add a ratio or latency metric',
    };
  const open = voting.filter(({ logPromote }) => (logPromote ?? 0) < -Math.log(policy.promoteAlpha));
  if (open.length > 0) return { cause: 'not-enough', text: open.map(needs).join('; ') };
  if (elapsedMs < policy.minDurationMs)
    return { cause: 'not-enough', text: 'the shortest duration is not over' };
  if (!policy.stepsDone) return { cause: 'not-enough', text: 'the traffic steps are not over' };
  return undefined;
}

function needs(metric: MetricReport): string {
  if (metric.needs !== undefined && Number.isFinite(metric.needs))
    return `${metric.name} needs about ${metric.needs} more requests to be proved good`;
  return `${metric.name} is not proved good yet`;
}

/** More stable pods than chance explains would have failed the same test: the data breaks its assumptions. */
export function placeboCapped({ placebo }: MetricReport, alpha: number): boolean {
  return placebo !== undefined && placebo.crossed > Math.max(1, 2 * alpha * placebo.pods);
}

function placeboReason(metrics: readonly MetricReport[]): string {
  const text = metrics
    .map(({ name, placebo }) => `${name} (${placebo?.crossed ?? 0} of ${placebo?.pods ?? 0} stable pods)`)
    .join(', ');
  return `stable pods fail the same test against each other: ${text}; they differ too much for a verdict`;
}

function passReason(gating: readonly MetricReport[]): string {
  const proved = gating.filter(({ logPromote }) => logPromote !== undefined);
  return `the canary is proved no worse than the promote margin: ${proved.map(describe).join('; ')}`;
}

/** `checkout-errors: 12 of 400 (3 %) against 4 of 3600 (0.111 %)`. */
export function describe({ name, canary, stable }: MetricReport): string {
  return `${name}: ${counts(canary)} against ${counts(stable)}`;
}

function counts({ events, total }: { events: number; total: number }): string {
  const share = total === 0 ? '–' : `${Number(((100 * events) / total).toPrecision(3))} %`;
  return `${events} of ${total} (${share})`;
}

/** E in two significant digits; beyond a million as a power of ten. */
export function formatE(logE: number): string {
  if (logE > Math.log(1e6)) return `10^${Math.floor(logE / Math.LN10)}`;
  return String(Number(Math.exp(logE).toPrecision(logE >= Math.log(100) ? 3 : 2)));
}
