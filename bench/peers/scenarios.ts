import type { Behaviour } from '../../e2e/support/live-shop.ts';

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Requests per second; 0 is no traffic at all. */
  readonly rps: number;
  readonly stable: Behaviour;
  readonly canary: Behaviour;
  /** What a judge should do: stop it, let it through, or at least not let it through. */
  readonly truth: 'bad' | 'healthy' | 'unknown';
}

const rps = 30;
const quiet: Behaviour = { errors: 0.001, slow: 0.002, slowMs: 800 };
const noisy: Behaviour = { errors: 0.02, burstErrors: 0.2, slow: 0.002, slowMs: 800 };

export const scenarios: readonly Scenario[] = [
  {
    name: 'quiet',
    title: 'A/A, 0.1 % errors',
    ...{ rps, stable: quiet, canary: quiet, truth: 'healthy' },
  },
  {
    name: 'noisy',
    title: 'A/A, 2 % errors and bursts of 20 %',
    ...{ rps, stable: noisy, canary: noisy, truth: 'healthy' },
  },
  {
    name: 'errors',
    title: 'errors 0.1 % → 3 %',
    ...{ rps, stable: quiet, canary: { ...quiet, errors: 0.03 }, truth: 'bad' },
  },
  {
    name: 'mild',
    title: 'errors 2 % → 8 %',
    ...{ rps, stable: { ...quiet, errors: 0.02 }, canary: { ...quiet, errors: 0.08 }, truth: 'bad' },
  },
  {
    name: 'latency',
    title: 'slower by 800 ms: 0.2 % → 3 % of the requests',
    ...{ rps, stable: quiet, canary: { ...quiet, slow: 0.03 }, truth: 'bad' },
  },
  { name: 'idle', title: 'no traffic', ...{ rps: 0, stable: quiet, canary: quiet, truth: 'unknown' } },
];
