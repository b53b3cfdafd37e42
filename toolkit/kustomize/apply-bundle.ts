import type { KubernetesObject, KubernetesPort } from '../kubernetes/kubernetes.ts';
import { isIn, refuseForeign, type Inventory } from './inventory.ts';
import { byKey, isClusterWide, type ManifestObject } from '../manifests/manifest-object.ts';
import { isKept } from '../manifests/removed-objects.ts';
import { resourceOf } from '../manifests/resource-name.ts';

export const bundleManager = 'gated-delivery-kustomize';

export interface BundleApply extends Inventory {
  readonly objects: readonly ManifestObject[];
  /** What was applied last: objects that are not there any more are removed. */
  readonly previous: readonly ManifestObject[];
  /** Takes over fields of other managers. */
  readonly force: boolean;
  /** Takes over objects of other inventories. */
  readonly adopts: boolean;
}

/** The stored form: one JSON document an object, so that equal objects have equal text. */
export function bundleText(objects: readonly ManifestObject[]): string {
  return objects.map((object) => `---\n${JSON.stringify(object)}\n`).join('');
}

/**
 * Applies server-side under an own field manager, then removes what fell out of the bundle: only objects that carry
 * this inventory's label, and none marked `helm.sh/resource-policy: keep`. Throws E_OWNERSHIP before anything changes.
 */
export async function applyBundle(kubernetes: KubernetesPort, bundle: BundleApply): Promise<void> {
  const { namespace, objects, previous, force, adopts } = bundle;
  if (!adopts) await refuseForeign(kubernetes, bundle, objects);
  const ranks = [
    'Namespace',
    'CustomResourceDefinition',
    'PriorityClass',
    'ServiceAccount',
    'ConfigMap',
    'Secret',
  ];
  const rank = ({ kind }: ManifestObject): number =>
    ranks.includes(kind) ? ranks.indexOf(kind) : ranks.length;
  const placed = objects
    .toSorted((a, b) => rank(a) - rank(b))
    .map((object): KubernetesObject =>
      isClusterWide(object.kind) ? object : { ...object, metadata: { namespace, ...object.metadata } },
    );
  await kubernetes.apply(placed, { fieldManager: bundleManager, namespace, force });
  const staying = byKey(objects, namespace);
  for (const [key, object] of byKey(previous, namespace)) {
    if (!staying.has(key)) await prune(kubernetes, object, bundle);
  }
}

async function prune(kubernetes: KubernetesPort, object: ManifestObject, bundle: BundleApply): Promise<void> {
  const { namespace } = bundle;
  const place = isClusterWide(object.kind) ? {} : { namespace: object.metadata.namespace ?? namespace };
  const ref = { resource: resourceOf(object), name: object.metadata.name, ...place };
  const live = await kubernetes.get(ref);
  if (live === undefined || !isIn(bundle, live) || isKept(live)) return;
  const { uid } = live.metadata;
  await kubernetes.delete(ref, uid === undefined ? {} : { preconditions: { uid } });
}
