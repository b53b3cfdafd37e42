import { pointer } from './json-patch.ts';
import { SplitError, asList, asRecord, type SplitFormat, type TrafficObject } from './traffic-object.ts';
import { percentOf, wholeWeights } from './weights.ts';

interface Split {
  readonly route: number;
  readonly stable: Place;
  readonly canary: Place;
}

interface Place {
  readonly index: number;
  readonly weight: number;
}

/**
 * Istio VirtualService: weights of the destinations whose subset (or host) has the arm's name, in every HTTP route
 * that holds both. https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination
 */
export function virtualService(names: { stable: string; canary: string }): SplitFormat {
  return {
    resource: 'virtualservices.networking.istio.io',
    read: (object) => {
      const [first] = splits(object, names);
      return first === undefined ? 0 : percentOf(first.canary.weight, first.stable.weight);
    },
    patch: (object, percent) => {
      const weights = wholeWeights(percent);
      return splits(object, names).flatMap(({ route, stable, canary }) => [
        {
          op: 'add' as const,
          path: pointer('spec', 'http', route, 'route', stable.index, 'weight'),
          value: weights.stable,
        },
        {
          op: 'add' as const,
          path: pointer('spec', 'http', route, 'route', canary.index, 'weight'),
          value: weights.canary,
        },
      ]);
    },
  };
}

function splits(object: TrafficObject, names: { stable: string; canary: string }): Split[] {
  const found = asList(object.spec?.http).flatMap((http, route): Split[] => {
    const destinations = asList(http.route);
    const place = (name: string): Place | undefined => {
      const index = destinations.findIndex((one) => isNamed(asRecord(one.destination), name));
      const weight = destinations[index]?.weight;
      return index < 0 ? undefined : { index, weight: typeof weight === 'number' ? weight : 0 };
    };
    const stable = place(names.stable);
    const canary = place(names.canary);
    return stable === undefined || canary === undefined ? [] : [{ route, stable, canary }];
  });
  if (found.length === 0)
    throw new SplitError(`no HTTP route has destinations '${names.stable}' and '${names.canary}'`);
  return found;
}

/** A destination is named by its subset, or by its host when it has none. */
function isNamed(destination: Readonly<Record<string, unknown>>, name: string): boolean {
  if (typeof destination.subset === 'string') return destination.subset === name;
  return typeof destination.host === 'string' && destination.host.split('.')[0] === name;
}
