import { at } from './fields.ts';
import { about, byKey, nameOf, type ManifestObject } from './manifest-object.ts';
import type { Risk } from './risk.ts';

/** Kinds that hold data, or without which data is gone. */
const holdsData = new Set([
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StatefulSet',
  'CustomResourceDefinition',
  'Namespace',
]);

/** Helm leaves such an object alone when it leaves the manifest. */
export function isKept(object: ManifestObject): boolean {
  return object.metadata.annotations?.['helm.sh/resource-policy']?.trim().toLowerCase() === 'keep';
}

/** Objects holding data that are in `current` and not in `target`, so that Helm would delete them. */
export function removedData(
  current: readonly ManifestObject[],
  target: readonly ManifestObject[],
  namespace: string,
): Risk[] {
  const staying = byKey(target, namespace);
  return [...byKey(current, namespace)]
    .filter(([key, object]) => holdsData.has(object.kind) && !staying.has(key) && !isKept(object))
    .map(([, object]) => ({
      kind: 'data-loss' as const,
      code: 'E_DATA_LOSS' as const,
      ...about(object),
      field: '',
      message: `${nameOf(object)} would be deleted`,
    }));
}

/** A StatefulSet with fewer replicas than before: the members that go may hold data no other has. */
export function shrunk(before: ManifestObject, after: ManifestObject): Risk[] {
  if (before.kind !== 'StatefulSet') return [];
  const from = at(before.spec, 'replicas') ?? 1;
  const to = at(after.spec, 'replicas') ?? 1;
  if (typeof from !== 'number' || typeof to !== 'number' || to >= from) return [];
  return [
    {
      kind: 'sts-shrunk',
      code: 'E_DATA_LOSS',
      ...about(before),
      field: 'spec.replicas',
      message: `${nameOf(before)} would shrink from ${from} to ${to} replicas`,
    },
  ];
}
