import { at, text } from './fields.ts';
import { immutableFields } from './immutable-fields.ts';
import { about, byKey, nameOf, type ManifestObject } from './manifest-object.ts';
import { removedData, shrunk } from './removed-objects.ts';
import type { Risk } from './risk.ts';
import { statefulImages } from './stateful-images.ts';

/**
 * Everything dangerous in going from `current` to `target`: the same scan before a deploy and before a rollback.
 * Which of it is refused, and what allows it, is the action's decision.
 */
export function scanRisks(
  current: readonly ManifestObject[],
  target: readonly ManifestObject[],
  namespace: string,
): Risk[] {
  const next = byKey(target, namespace);
  const changed = [...byKey(current, namespace)].flatMap(([key, before]) => {
    const after = next.get(key);
    if (after === undefined) return [];
    return [
      ...immutableFields(before, after),
      ...shrunk(before, after),
      ...serviceType(before, after),
      ...statefulImages(before, after),
    ];
  });
  return [...removedData(current, target, namespace), ...changed];
}

/** Flipping a Service's type gives up its node ports or its load balancer's address. */
function serviceType(before: ManifestObject, after: ManifestObject): Risk[] {
  if (before.kind !== 'Service') return [];
  const from = text(at(before.spec, 'type'), 'ClusterIP');
  const to = text(at(after.spec, 'type'), 'ClusterIP');
  if (from === to) return [];
  return [
    {
      kind: 'service-type',
      code: 'E_IMMUTABLE',
      ...about(before),
      field: 'spec.type',
      message: `${nameOf(before)} would change from ${from} to ${to} and lose its address`,
    },
  ];
}
