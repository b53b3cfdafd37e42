import type { ActionPorts, Conclusion } from '../../../toolkit/action/run-action.ts';
import { conclude } from './conclusion.ts';
import { gateConfig } from './gate-config.ts';
import { readInputs } from './inputs.ts';
import { connect } from './connect.ts';
import { publish, publishNothing } from './publish.ts';
import { runMode } from './run-mode.ts';

/** inputs → observe → decide → act → report. */
export async function main(ports: ActionPorts): Promise<Conclusion> {
  publishNothing(ports.outputs);
  const inputs = readInputs(ports.inputs, ports.github);
  const { prometheus, serverNowMs } = await connect(ports, inputs);
  const result = await runMode(ports, inputs, prometheus, serverNowMs, gateConfig(inputs));
  await publish(ports, inputs, result);
  return conclude(result.verdict, inputs);
}
