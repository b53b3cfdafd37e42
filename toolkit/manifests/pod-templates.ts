import { engineOf } from './engine-image.ts';
import { at, list, text } from './fields.ts';
import type { ManifestObject } from './manifest-object.ts';

export interface ContainerImage {
  readonly name: string;
  readonly image: string;
  /** It mounts a claim of its own: a volumeClaimTemplate or a persistentVolumeClaim volume. */
  readonly mountsClaim: boolean;
}

/** The pod spec inside a workload, a CronJob or a Pod; undefined for everything else. */
export function podSpecOf(object: ManifestObject): unknown {
  switch (object.kind) {
    case 'Pod':
      return object.spec;
    case 'CronJob':
      return at(object.spec, 'jobTemplate', 'spec', 'template', 'spec');
    case 'Deployment':
    case 'DaemonSet':
    case 'StatefulSet':
    case 'ReplicaSet':
    case 'Job':
    case 'Rollout':
      return at(object.spec, 'template', 'spec');
    default:
      return undefined;
  }
}

/** Containers of the pod spec, init containers too, with their images. */
export function containersOf(object: ManifestObject): ContainerImage[] {
  const spec = podSpecOf(object);
  const claims = new Set([
    ...list(at(object.spec, 'volumeClaimTemplates')).map((claim) => text(at(claim, 'metadata', 'name'))),
    ...list(at(spec, 'volumes'))
      .filter((volume) => at(volume, 'persistentVolumeClaim') !== undefined)
      .map((volume) => text(at(volume, 'name'))),
  ]);
  return [...list(at(spec, 'initContainers')), ...list(at(spec, 'containers'))].map((container) => ({
    name: text(at(container, 'name')),
    image: text(at(container, 'image')),
    mountsClaim: [...list(at(container, 'volumeMounts')), ...list(at(container, 'volumeDevices'))].some(
      (mount) => claims.has(text(at(mount, 'name'))),
    ),
  }));
}

/** A StatefulSet, or a workload with a container that mounts a claim or runs an engine. */
export function isStateful(object: ManifestObject): boolean {
  return (
    object.kind === 'StatefulSet' ||
    containersOf(object).some(({ mountsClaim, image }) => mountsClaim || engineOf(image) !== undefined)
  );
}

/** A release whose lasting workloads all hold data: nothing in it serves the application itself. */
export function holdsOnlyData(objects: readonly ManifestObject[]): boolean {
  const workloads = objects.filter(({ kind }) => ['Deployment', 'DaemonSet', 'StatefulSet'].includes(kind));
  return workloads.length > 0 && workloads.every(isStateful);
}
