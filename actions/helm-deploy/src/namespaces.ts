import { UserError } from '../../../toolkit/action/errors.ts';
import {
  missingOwnership,
  previewAnnotations,
  previewLabels,
  type PreviewIdentity,
} from '../../../toolkit/environments/preview-identity.ts';
import { isStatus } from '../../../toolkit/kubernetes/kubectl-error.ts';
import type { AccessQuestion, KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';

export interface NamespaceNeed {
  readonly name: string;
  /** Set for previews: the namespace must be this identity's, and lives until `expiresAt` (ms since the epoch). */
  readonly preview?: { readonly identity: PreviewIdentity; readonly expiresAt: number | undefined };
}

/** What `ensureNamespace` will do with them: create those that are missing, prolong the life of a preview. */
export async function namespaceAccess(
  kubernetes: Pick<KubernetesPort, 'get'>,
  needs: readonly NamespaceNeed[],
): Promise<AccessQuestion[]> {
  const found = await Promise.all(
    needs.map(async (need) => ({
      ...need,
      exists: (await kubernetes.get({ resource: 'namespaces', name: need.name })) !== undefined,
    })),
  );
  const creates = found.some(({ exists }) => !exists);
  return [
    ...(creates ? [{ verb: 'create', resource: 'namespaces' }] : []),
    ...found
      .filter(({ exists, preview }) => exists && preview !== undefined)
      // To the server a Namespace lies in itself, so that a Role in it is enough.
      .map(({ name }) => ({ verb: 'patch', resource: 'namespaces', namespace: name, name })),
  ];
}

/**
 * Creates the namespace when it is missing. A preview never moves into a namespace of someone else, nor anything else
 * into a preview's: E_OWNERSHIP.
 */
export async function ensureNamespace(kubernetes: KubernetesPort, need: NamespaceNeed): Promise<void> {
  const ref = { resource: 'namespaces', name: need.name };
  const existing = await kubernetes.get(ref);
  if (existing?.metadata.deletionTimestamp !== undefined) {
    throw new UserError(
      'E_OWNERSHIP',
      `namespace ${need.name} is being deleted`,
      'wait until it is gone and run again',
    );
  }
  const { preview } = need;
  if (existing === undefined) {
    const labels =
      preview === undefined
        ? { 'app.kubernetes.io/managed-by': 'gated-delivery' }
        : previewLabels(preview.identity);
    const annotations = preview === undefined ? {} : previewAnnotations(preview.identity, preview.expiresAt);
    const object = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: need.name, labels, annotations },
    };
    await kubernetes.create(object).catch((error: unknown) => {
      // Another run made it in the same moment: the lock decides between the two.
      if (!isStatus(error, 409)) throw error;
    });
    return;
  }
  const labels = existing.metadata.labels;
  if (preview === undefined) {
    if (labels?.['gated-delivery.dev/preview'] === 'true') throw foreign(need.name, 'is a preview namespace');
    return;
  }
  const missing = missingOwnership(labels, preview.identity);
  if (missing.length > 0) throw foreign(need.name, `is not this branch's preview (${missing.join(', ')})`);
  await kubernetes.patch(
    ref,
    { metadata: { annotations: previewAnnotations(preview.identity, preview.expiresAt) } },
    { type: 'merge' },
  );
}

function foreign(name: string, why: string): UserError {
  return new UserError('E_OWNERSHIP', `namespace ${name} ${why}`, 'map the branch to another namespace');
}
