import { pointer } from './json-patch.ts';
import { SplitError, asList, type SplitFormat, type TrafficObject } from './traffic-object.ts';
import { percentOf, wholeWeights } from './weights.ts';

/**
 * Gateway API HTTPRoute: weights of the backendRefs with the arms' Service names, in every rule that holds both. A
 * backendRef without weight has weight 1. https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref
 */
export function httpRoute(names: { stable: string; canary: string }): SplitFormat {
  return {
    resource: 'httproutes.gateway.networking.k8s.io',
    read: (object) => {
      const [first] = splits(object, names);
      return first === undefined ? 0 : percentOf(first.canaryWeight, first.stableWeight);
    },
    patch: (object, percent) => {
      const weights = wholeWeights(percent);
      return splits(object, names).flatMap(({ rule, stable, canary }) => [
        {
          op: 'add' as const,
          path: pointer('spec', 'rules', rule, 'backendRefs', stable, 'weight'),
          value: weights.stable,
        },
        {
          op: 'add' as const,
          path: pointer('spec', 'rules', rule, 'backendRefs', canary, 'weight'),
          value: weights.canary,
        },
      ]);
    },
  };
}

function splits(
  object: TrafficObject,
  names: { stable: string; canary: string },
): { rule: number; stable: number; canary: number; stableWeight: number; canaryWeight: number }[] {
  const found = asList(object.spec?.rules).flatMap((rule, index) => {
    const backends = asList(rule.backendRefs);
    const stable = backends.findIndex(({ name }) => name === names.stable);
    const canary = backends.findIndex(({ name }) => name === names.canary);
    if (stable < 0 || canary < 0) return [];
    const weight = (at: number): number => {
      const value = backends[at]?.weight;
      return typeof value === 'number' ? value : 1;
    };
    return [{ rule: index, stable, canary, stableWeight: weight(stable), canaryWeight: weight(canary) }];
  });
  if (found.length === 0)
    throw new SplitError(`no rule has backendRefs '${names.stable}' and '${names.canary}'`);
  return found;
}
