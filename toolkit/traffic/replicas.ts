import type { KubectlCall } from '../kubernetes/kubectl-call.ts';
import { getObject, patchObject, type ObjectReference } from './kubectl-split.ts';
import { pointer } from './json-patch.ts';
import type { TrafficRouter } from './router.ts';
import type { TrafficObject } from './traffic-object.ts';
import { percentOf } from './weights.ts';

/**
 * The split by replica counts of two Deployments behind one Service: requests follow the number of pods. The sum
 * of both stays what it is; shares that need more pods than there are become the nearest one with at least one pod.
 */
export function replicaRouter(
  call: KubectlCall,
  canary: ObjectReference,
  stable: ObjectReference,
): TrafficRouter {
  const both = async (): Promise<{ canary: number; stable: number }> => ({
    canary: replicas(await getObject(call, canary)),
    stable: replicas(await getObject(call, stable)),
  });
  const scale = async (reference: ObjectReference, count: number): Promise<void> => {
    await patchObject(call, reference, () => [
      { op: 'replace', path: pointer('spec', 'replicas'), value: count },
    ]);
  };
  return {
    name: `deployments ${stable.name} and ${canary.name}`,
    read: async () => {
      const now = await both();
      return percentOf(now.canary, now.stable);
    },
    set: async (percent) => {
      const now = await both();
      const wanted = splitReplicas(now.canary + now.stable, percent);
      // The arm that grows goes first, so that there is never less capacity than before.
      const order =
        wanted.canary >= now.canary
          ? ([
              [canary, wanted.canary],
              [stable, wanted.stable],
            ] as const)
          : ([
              [stable, wanted.stable],
              [canary, wanted.canary],
            ] as const);
      for (const [reference, count] of order) await scale(reference, count);
      const after = await both();
      return percentOf(after.canary, after.stable);
    },
  };
}

/** Whole pods nearest to the percent; an arm that should get traffic keeps at least one. */
export function splitReplicas(total: number, percent: number): { canary: number; stable: number } {
  const nearest = Math.round((total * percent) / 100);
  const atLeast = percent > 0 ? 1 : 0;
  const atMost = percent < 100 ? total - 1 : total;
  const canary = Math.max(atLeast, Math.min(nearest, Math.max(atMost, atLeast)));
  return { canary, stable: Math.max(0, total - canary) };
}

function replicas(object: TrafficObject): number {
  const count = object.spec?.replicas;
  return typeof count === 'number' ? count : 1;
}
