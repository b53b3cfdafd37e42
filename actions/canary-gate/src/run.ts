import type { ActionPorts, Conclusion } from '../../../toolkit/action/run-action.ts';
import { routers, settleTraffic } from './act.ts';
import { conclude } from './conclusion.ts';
import { connect } from './connect.ts';
import { readInputs } from './inputs.ts';
import { observe } from './observe.ts';
import { publish, publishNothing } from './publish.ts';

/** inputs → observe → decide → act → report. */
export async function main(ports: ActionPorts): Promise<Conclusion> {
  publishNothing(ports.outputs);
  const inputs = readInputs(ports.inputs, ports.github);
  const connection = await connect(ports, inputs);
  const { steps, final } = await routers(ports, inputs);
  const observed = await observe(ports, inputs, connection, steps);
  const result = await settleTraffic(ports, inputs, final, observed);
  await publish(ports, inputs, result);
  return conclude(result.verdict, inputs);
}
