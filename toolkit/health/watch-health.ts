import type { Clock } from '../clock/clock.ts';
import type { KubernetesObject, KubernetesPort } from '../kubernetes/kubernetes.ts';
import type { HealthInput, HealthReason, HealthVerdict } from './health.ts';
import { judgeHealth, watchedResources } from './judge-health.ts';

export type HealthOutcome =
  | { readonly outcome: 'healthy'; readonly live: readonly KubernetesObject[] }
  | { readonly outcome: 'failed' | 'timeout'; readonly reasons: readonly HealthReason[] };

export interface WatchRequest {
  readonly kubernetes: KubernetesPort;
  readonly clock: Clock;
  readonly expected: HealthInput['expected'];
  readonly timeoutMs: number;
  /** How long it has to stay healthy, in ms. */
  readonly stableMs: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (reasons: readonly HealthReason[]) => void;
}

const intervalMs = 1_000;

/** Looks until it was healthy for `stableMs`, cannot become healthy, or the time is over. */
export async function watchHealth(request: WatchRequest): Promise<HealthOutcome> {
  const { kubernetes, clock, expected, timeoutMs, stableMs, signal } = request;
  const deadline = clock.now() + timeoutMs;
  let healthySince: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    const { verdict, live } = await look(kubernetes, expected, clock.now());
    const now = clock.now();
    if (verdict.health === 'healthy') {
      healthySince ??= now;
      if (now - healthySince >= stableMs) return { outcome: 'healthy', live };
    } else {
      healthySince = undefined;
      if (verdict.health === 'failed') return { outcome: 'failed', reasons: verdict.reasons };
      if (now >= deadline) return { outcome: 'timeout', reasons: verdict.reasons };
      request.onProgress?.(verdict.reasons);
    }
    await clock.sleep(Math.min(intervalMs, Math.max(stableMs, 100)), signal);
  }
}

/** One look: lists each namespace once and judges. */
export async function look(
  kubernetes: KubernetesPort,
  expected: HealthInput['expected'],
  now: number,
): Promise<{ readonly verdict: HealthVerdict; readonly live: readonly KubernetesObject[] }> {
  const namespaces = [...new Set(expected.map(({ namespace }) => namespace))];
  const lists = await Promise.all(
    namespaces.map((namespace) => kubernetes.list({ resources: watchedResources, namespace })),
  );
  const live = lists.flat();
  return { verdict: judgeHealth({ expected, live, now }), live };
}
