import { assertNever } from '../../../toolkit/action/errors.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { TrafficRouter } from '../../../toolkit/traffic/router.ts';
import type { Connection } from './connect.ts';
import { fingerprint } from './fingerprint.ts';
import { gateConfig } from './gate-config.ts';
import type { Inputs } from './inputs.ts';
import { replay } from './replay.ts';
import type { GateResult } from './result.ts';
import { stateFile } from './state-file.ts';
import { watch } from './watch.ts';

/** Observes and decides, live or over history. */
export async function observe(
  ports: ActionPorts,
  inputs: Inputs,
  { sources, serverNowMs }: Connection,
  router: TrafficRouter | undefined,
): Promise<GateResult> {
  const config = gateConfig(inputs);
  switch (inputs.mode) {
    case 'replay': {
      const nowMs = serverNowMs();
      const endMs = Math.min(inputs.endMs ?? nowMs, nowMs);
      const sinceMs = inputs.startMs ?? endMs;
      return replay(sources, { ...config, sinceMs }, endMs, ports.signal, nowMs);
    }
    case 'watch': {
      const id = fingerprint(inputs, ports.github);
      const { clock, log, signal } = ports;
      const state = stateFile(inputs.reportDir, id);
      const { weights, minDurationMs, intervalMs, startMs } = inputs;
      const traffic = { weights, minDurationMs, intervalMs };
      return watch(
        { sources, clock, serverNowMs, router, state, log, signal },
        { config, startMs, fingerprint: id, traffic },
      );
    }
    default:
      return assertNever(inputs.mode);
  }
}
