import { UserError } from '../action/errors.ts';
import type { KubernetesObject, KubernetesPort } from '../kubernetes/kubernetes.ts';
import { byKey, isClusterWide, keyOf, nameOf, type ManifestObject } from '../manifests/manifest-object.ts';
import { resourceOf } from '../manifests/resource-name.ts';

const nameLabel = 'gated-delivery.dev/inventory';
/** On objects outside of namespaces, which the inventories of that name in all namespaces would share otherwise. */
const namespaceLabel = 'gated-delivery.dev/inventory-namespace';

/** Whose objects they are: those of one overlay in one namespace. */
export interface Inventory {
  readonly name: string;
  readonly namespace: string;
}

/** The same objects with the labels of the inventory, which is what is stored and applied. */
export function withInventory(
  objects: readonly ManifestObject[],
  { name, namespace }: Inventory,
): ManifestObject[] {
  return objects.map((object) => {
    const own = { [nameLabel]: name, ...(isClusterWide(object.kind) ? { [namespaceLabel]: namespace } : {}) };
    return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...own } } };
  });
}

/** Whether a live object is this inventory's. */
export function isIn({ name, namespace }: Inventory, { kind, metadata }: KubernetesObject): boolean {
  const { labels } = metadata;
  if (labels?.[nameLabel] !== name) return false;
  return !isClusterWide(kind) || labels[namespaceLabel] === namespace;
}

/** Throws E_OWNERSHIP when a live object among these is another inventory's: both would go on changing and removing it. */
export async function refuseForeign(
  kubernetes: Pick<KubernetesPort, 'list'>,
  inventory: Inventory,
  objects: readonly ManifestObject[],
): Promise<void> {
  const { namespace } = inventory;
  const wanted = byKey(objects, namespace);
  const labelSelector = nameLabel;
  const resources = (some: readonly ManifestObject[]): string[] => [...new Set(some.map(resourceOf))];
  const live = await Promise.all([
    kubernetes.list({
      resources: resources(objects.filter(({ kind }) => !isClusterWide(kind))),
      namespace,
      labelSelector,
    }),
    kubernetes.list({
      resources: resources(objects.filter(({ kind }) => isClusterWide(kind))),
      labelSelector,
    }),
  ]);
  const foreign = live
    .flat()
    .find((object) => wanted.has(keyOf(object, namespace)) && !isIn(inventory, object));
  if (foreign === undefined) return;
  const { [nameLabel]: name = '', [namespaceLabel]: place = namespace } = foreign.metadata.labels ?? {};
  throw new UserError(
    'E_OWNERSHIP',
    `${nameOf(foreign)} is part of the overlay named ${name} in namespace ${place}, and not of ${inventory.name}`,
    'take it out of one of them; to move it here, or after giving the overlay another name, set `force: true` once',
  );
}
