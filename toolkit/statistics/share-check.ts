import { betaMixtureLogE } from './objective-test.ts';

export interface ShareCheck {
  /** The canary's part of the requests seen. */
  readonly observed: number;
  /** True when the configured share cannot be what the router does: a warning, never a verdict. */
  readonly mismatch: boolean;
}

/** Level of the sample-ratio check: low, because a mismatch is a claim about the router and not about the release. */
const ALPHA = 0.001;

/**
 * Compares observed with configured traffic share, at any look. Requests are not independent trials (keep-alive
 * connections carry many), so deviations of less than a tenth of the share are never called a mismatch.
 */
export function checkShare(canary: number, stable: number, configured: number): ShareCheck {
  const total = canary + stable;
  if (total === 0) return { observed: 0, mismatch: false };
  const observed = canary / total;
  if (configured <= 0 || configured >= 1) return { observed, mismatch: observed !== configured };
  const logE = Math.max(
    betaMixtureLogE('fail', canary, total, configured),
    betaMixtureLogE('pass', canary, total, configured),
  );
  const relevant = Math.abs(observed - configured) > 0.1 * Math.min(configured, 1 - configured);
  return { observed, mismatch: relevant && logE >= Math.log(2 / ALPHA) };
}
