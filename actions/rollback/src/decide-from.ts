import { weigh, type Observation } from './observe.ts';
import { decide, type Decision } from './plan.ts';
import type { Session } from './session.ts';

/** What to do, from what was observed: the releases that the scope names are weighed, and anything else is refused. */
export async function decideFrom(
  { cluster, inputs, place }: Session,
  observation: Observation,
): Promise<Decision> {
  const { scope } = observation;
  if (scope.kind === 'none') {
    return {
      kind: 'refused',
      code: 'E_NO_TARGET',
      message: scope.why,
      hint: 'name a release with `release`',
    };
  }
  if (scope.kind === 'overtaken') {
    return {
      kind: 'refused',
      code: 'E_OVERTAKEN',
      message: scope.why,
      hint: 'nothing, when the newer deploy is a good one; else roll that one back',
    };
  }
  const candidates = await weigh(cluster.kubernetes, observation, scope.releases, inputs);
  return decide(candidates, { ...inputs, isWholeDeploy: scope.isWholeDeploy }, place.namespace);
}
