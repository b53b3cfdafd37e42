import { describe, expect, it } from '@jest/globals';
import type { DataProblem, LookReport, MetricReport } from './analysis/report.ts';
import { decide, formatE, type Decision } from './verdict.ts';

const policy = {
  alpha: 0.01,
  promoteAlpha: 0.05,
  sinceMs: 0,
  minDurationMs: 300_000,
  maxDurationMs: 1_800_000,
  stepsDone: true,
};
const proved = Math.log(21);

function metric(changes: Partial<MetricReport> = {}): MetricReport {
  const counts = { events: 4, total: 100 };
  return {
    ...{ name: 'errors', type: 'ratio', shadow: false, weight: 1, logE: 0, logPromote: proved },
    ...{ canary: counts, stable: counts, problems: [] },
    ...changes,
  };
}

function look(minutes: number, metrics: MetricReport[], logE = 0): LookReport {
  const endMs = minutes * 60_000;
  return { index: 0, startMs: endMs - 15_000, endMs, step: 0, metrics, logE, canaryRequests: 100 };
}

const kindOf = (decision: Decision): string => (decision.decided ? decision.verdict.kind : 'open');
const problem = (kind: DataProblem['kind'], blocks = true): DataProblem => ({ kind, text: kind, blocks });
const failing = Math.log(101);

describe('decide', () => {
  it('fails at the first look that crosses 1/alpha, long before the shortest duration', () => {
    const decision = decide(look(1, [metric({ logE: failing })], failing), policy);
    expect(decision).toMatchObject({ decided: true, verdict: { kind: 'fail', culprits: ['errors'] } });
  });

  it('names only the metrics that carry the evidence', () => {
    const metrics = [
      metric({ name: 'a', weight: 0.5, logE: 6 }),
      metric({ name: 'b', weight: 0.3, logE: 5 }),
      metric({ name: 'c', weight: 0.2, logE: 0 }),
    ];
    expect(decide(look(1, metrics, failing), policy)).toMatchObject({ verdict: { culprits: ['a', 'b'] } });
  });

  it('passes when everything is proved and the shortest duration is over', () => {
    expect(kindOf(decide(look(5, [metric()]), policy))).toBe('pass');
  });

  it.each([
    ['the shortest duration', look(4.9, [metric()]), policy],
    ['the traffic steps', look(6, [metric()]), { ...policy, stepsDone: false }],
    ['a metric that is not proved', look(6, [metric(), metric({ logPromote: 1 })]), policy],
    ['a metric that looks worse', look(6, [metric({ logE: Math.log(3.1) })], 1), policy],
    ['data that cannot be read', look(6, [metric({ problems: [problem('nan')] })]), policy],
    ['a metric that can prove anything', look(6, [metric({ logPromote: undefined })]), policy],
    ['a placebo that fails', look(6, [metric({ placebo: { crossed: 2, pods: 10 } })]), policy],
  ])('waits for %s', (_, given, rules) => {
    expect(kindOf(decide(given, rules))).toBe('open');
  });

  it.each([
    ['no-traffic', [metric({ problems: [problem('no-traffic')] })]],
    ['no-series', [metric({ problems: [problem('no-series')] })]],
    ['bad-data', [metric({ problems: [problem('bucket-layout')] })]],
    ['placebo', [metric({ placebo: { crossed: 2, pods: 10 } })]],
    ['not-enough', [metric({ logPromote: 0, needs: 1200 })]],
  ])('ends inconclusive at the deadline: %s', (cause, metrics) => {
    expect(decide(look(30, metrics), policy)).toMatchObject({ verdict: { kind: 'inconclusive', cause } });
  });

  it('says how much is missing', () => {
    const decision = decide(look(30, [metric({ logPromote: 0, needs: 1200 })]), policy);
    expect(decision).toMatchObject({
      verdict: { reason: 'errors needs about 1200 more requests to be proved good' },
    });
  });

  it('never lets a shadow metric gate, whatever it says', () => {
    const shadow = metric({
      shadow: true,
      weight: 0,
      logE: 99,
      logPromote: 0,
      tripped: 'down',
      problems: [problem('nan')],
    });
    expect(kindOf(decide(look(6, [metric(), shadow]), policy))).toBe('pass');
  });

  it('is capped at inconclusive when stable pods fail the same test', () => {
    const noisy = metric({ logE: failing, placebo: { crossed: 2, pods: 3 } });
    expect(decide(look(1, [noisy], failing), policy)).toMatchObject({
      verdict: { kind: 'inconclusive', cause: 'placebo' },
    });
    const one = metric({ logE: failing, placebo: { crossed: 1, pods: 3 } });
    expect(kindOf(decide(look(1, [one], failing), policy))).toBe('fail');
  });

  it('fails at once on a tripwire, also on noisy pods', () => {
    const tripped = metric({ tripped: 'OOMKilled', placebo: { crossed: 3, pods: 3 } });
    expect(kindOf(decide(look(1, [tripped]), policy))).toBe('fail');
  });
});

describe('formatE', () => {
  it.each([
    [0, '1'],
    [Math.log(0.0441), '0.044'],
    [Math.log(147.4), '147'],
    [Math.log(3e9), '10^9'],
  ])('%d', (logE, text) => {
    expect(formatE(logE)).toBe(text);
  });
});
