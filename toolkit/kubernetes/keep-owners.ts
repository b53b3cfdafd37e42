import { isStatus } from './kubectl-error.ts';
import type { KubernetesObject, KubernetesPort, ResourceRef } from './kubernetes.ts';

interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly fieldsV1?: unknown;
}

const attempts = 8;

/**
 * Runs `write`, which changes an object through a kubectl command of its own, and gives the ownership of fields back:
 * otherwise the manager `kubectl` would own them, and Helm 4's next server-side apply would stop at a conflict.
 */
export async function keepOwners(
  kubernetes: KubernetesPort,
  ref: ResourceRef,
  write: () => Promise<void>,
): Promise<void> {
  const before = entriesOf(await kubernetes.get(ref, { managedFields: true })).find(isKubectl)?.fieldsV1;
  await write();
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const object = await kubernetes.get(ref, { managedFields: true });
    const index = entriesOf(object).findIndex(isKubectl);
    if (object === undefined || index < 0) return;
    const path = `/metadata/managedFields/${index}`;
    const patch = [
      { op: 'test', path: '/metadata/resourceVersion', value: object.metadata.resourceVersion },
      before === undefined
        ? { op: 'remove', path }
        : { op: 'replace', path: `${path}/fieldsV1`, value: before },
    ];
    try {
      await kubernetes.patch(ref, patch, { type: 'json' });
      return;
    } catch (error) {
      // Its controller wrote in between: look again.
      if (!isStatus(error, 409) && !isStatus(error, 422)) throw error;
    }
  }
}

function isKubectl({ manager, operation, subresource }: ManagedFields): boolean {
  return manager === 'kubectl' && operation === 'Update' && (subresource ?? '') === '';
}

function entriesOf(object: KubernetesObject | undefined): readonly ManagedFields[] {
  const entries = object?.metadata.managedFields;
  return Array.isArray(entries) ? (entries as ManagedFields[]) : [];
}
