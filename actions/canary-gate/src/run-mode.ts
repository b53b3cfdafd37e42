import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { assertNever } from '../../../toolkit/action/errors.ts';
import type { GateConfig } from './analysis/gate.ts';
import type { Connection } from './connect.ts';
import type { Inputs } from './inputs.ts';
import { replay } from './replay.ts';
import type { GateResult } from './result.ts';

/** Samples younger than this may still be on their way (remote write, slow scrapes). */
export const lagMs = 30_000;

export async function runMode(
  ports: ActionPorts,
  inputs: Inputs,
  prometheus: Connection['prometheus'],
  serverNowMs: () => number,
  config: Omit<GateConfig, 'sinceMs'>,
): Promise<GateResult> {
  switch (inputs.mode) {
    case 'replay': {
      const newest = serverNowMs() - lagMs;
      const endMs = Math.min(inputs.endMs ?? newest, newest);
      return replay(prometheus, { ...config, sinceMs: inputs.startMs ?? 0 }, endMs, ports.signal);
    }
    case 'watch':
      throw new Error('not yet');
    default:
      return assertNever(inputs.mode);
  }
}
