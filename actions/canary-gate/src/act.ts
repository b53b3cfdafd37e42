import { kubectlCall } from '../../../toolkit/kubernetes/kubectl-call.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { childEnv } from '../../../toolkit/process/child-env.ts';
import { makeRouter } from '../../../toolkit/traffic/make-router.ts';
import type { TrafficRouter } from '../../../toolkit/traffic/router.ts';
import type { Inputs } from './inputs.ts';
import { finalWeight } from './traffic-plan.ts';
import type { GateResult } from './result.ts';

export interface Routers {
  /** Ends with the run. */
  readonly steps: TrafficRouter | undefined;
  /** Works on after a cancellation: it sets what the verdict asks for. */
  readonly final: TrafficRouter | undefined;
}

/** The router of the inputs through kubectl, checked to hold a split before anything is watched. */
export async function routers(ports: ActionPorts, inputs: Inputs): Promise<Routers> {
  const { router: reference, mode } = inputs;
  if (reference === undefined || mode === 'replay') return { steps: undefined, final: undefined };
  const { process, clock, signal } = ports;
  const options = { process, clock, env: childEnv(ports.env, 'cluster'), context: '' };
  const steps = makeRouter(reference, kubectlCall({ ...options, signal }));
  await steps.read();
  return { steps, final: makeRouter(reference, kubectlCall({ ...options, patienceMs: () => 4_000 })) };
}

/** Sets the weight that the verdict asks for, and gives what could not be done as a warning. */
export async function settleTraffic(
  { log }: Pick<ActionPorts, 'log'>,
  inputs: Inputs,
  router: TrafficRouter | undefined,
  result: GateResult,
): Promise<GateResult> {
  const weight = finalWeight(result.verdict, inputs.onInconclusive);
  if (router === undefined || weight === undefined) return result;
  try {
    const set = await router.set(weight);
    log.info(`traffic: ${set} % to the canary (${router.name})`);
    return result;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const warning = `${router.name} could not be set to ${weight} %, the canary may still get traffic: ${text}`;
    log.error(warning);
    return { ...result, warnings: [...result.warnings, warning] };
  }
}
