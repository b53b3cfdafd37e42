import type { ObjectRef } from './risk.ts';

/** One object of a rendered manifest, not yet what the server makes of it. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** Kinds that live outside namespaces, of the API groups every cluster has. */
const clusterWide = new Set([
  'APIService',
  'ClusterRole',
  'ClusterRoleBinding',
  'CSIDriver',
  'CustomResourceDefinition',
  'IngressClass',
  'MutatingAdmissionPolicy',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeSnapshotClass',
]);

/** The API group: `apps` of `apps/v1`, '' of `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

export function isClusterWide(kind: string): boolean {
  return clusterWide.has(kind);
}

/** Group, kind, namespace and name: what stays the same when an object changes, its API version included. */
export function keyOf(object: ManifestObject, namespace: string): string {
  const place = isClusterWide(object.kind) ? '' : (object.metadata.namespace ?? namespace);
  return [groupOf(object.apiVersion), object.kind, place, object.metadata.name].join('|');
}

/** `StatefulSet/mongodb`: how messages name an object. */
export function nameOf(object: ManifestObject): string {
  return `${object.kind}/${object.metadata.name}`;
}

/** The objects by their keys; of two with one key the later one counts, as it does for the server. */
export function byKey(objects: readonly ManifestObject[], namespace: string): Map<string, ManifestObject> {
  return new Map(objects.map((object) => [keyOf(object, namespace), object]));
}

/** Where to find the object in the cluster. */
export function refOf(object: ManifestObject): ObjectRef {
  const { name, namespace } = object.metadata;
  const { apiVersion, kind } = object;
  return namespace === undefined || isClusterWide(kind)
    ? { apiVersion, kind, name }
    : { apiVersion, kind, name, namespace };
}

/** What messages, the reference and the object itself have in common. */
export function about(object: ManifestObject): { readonly object: string; readonly ref: ObjectRef } {
  return { object: nameOf(object), ref: refOf(object) };
}
