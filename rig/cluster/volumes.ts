import { join } from 'node:path';
import type { KubeClient } from '../kube/client.ts';
import { watchAll, type KubeObject } from '../kube/watch.ts';

/** Looks like the EBS driver to charts; the volumes are folders. */
const provisioner = 'ebs.csi.aws.com';
const classes = ['gp2', 'gp3'];

export interface Claim extends KubeObject {
  readonly spec: {
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly accessModes: readonly string[];
    readonly resources: { readonly requests: { readonly storage: string } };
  };
  readonly status?: { readonly phase?: string; readonly capacity?: { readonly storage?: string } };
}

interface Volume extends KubeObject {
  readonly status?: { readonly phase?: string };
  readonly spec: { readonly persistentVolumeReclaimPolicy?: string };
}

/** The volume for a claim that waits for one; undefined for every other claim. */
export function volumeFor(claim: Claim, folder: string): { metadata: { name: string } } | undefined {
  const { metadata, spec } = claim;
  const node = metadata.annotations?.['volume.kubernetes.io/selected-node'];
  if (
    !classes.includes(spec.storageClassName ?? '') ||
    (spec.volumeName ?? '') !== '' ||
    node === undefined
  ) {
    return undefined;
  }
  const name = `pvc-${metadata.uid}`;
  return {
    ...{ apiVersion: 'v1', kind: 'PersistentVolume' },
    metadata: { name, ...{ annotations: { 'pv.kubernetes.io/provisioned-by': provisioner } } },
    ...{
      spec: {
        capacity: { storage: spec.resources.requests.storage },
        accessModes: spec.accessModes,
        storageClassName: spec.storageClassName,
        persistentVolumeReclaimPolicy: 'Delete',
        hostPath: { path: join(folder, name) },
        claimRef: {
          ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
          namespace: metadata.namespace,
          name: metadata.name,
          uid: metadata.uid,
        },
      },
    },
  };
}

export async function createStorageClasses(client: KubeClient): Promise<void> {
  for (const name of classes) {
    await client.create('/apis/storage.k8s.io/v1/storageclasses', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name,
        annotations: { 'storageclass.kubernetes.io/is-default-class': String(name === 'gp3') },
      },
      provisioner,
      parameters: { type: name },
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
    });
  }
}

/** Gives each waiting claim a volume, grows it when the claim asks for more, and deletes what was released. */
export async function startProvisioner(
  client: KubeClient,
  folder: string,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  const quietly = (work: Promise<void>): void => {
    work.catch((error: unknown) => {
      if (!signal.aborted) log(`volumes: ${String(error)}`);
    });
  };
  await watchAll<Claim>(
    client,
    '/api/v1/persistentvolumeclaims',
    {
      set: (claim) => {
        const volume = volumeFor(claim, folder);
        if (volume !== undefined) quietly(client.create('/api/v1/persistentvolumes', volume));
        else if (needsGrowth(claim)) quietly(grow(client, claim));
      },
      gone: () => undefined,
    },
    signal,
  );
  await watchAll<Volume>(
    client,
    '/api/v1/persistentvolumes',
    {
      set: ({ metadata, spec, status }) => {
        const ours = metadata.annotations?.['pv.kubernetes.io/provisioned-by'] === provisioner;
        if (!ours || status?.phase !== 'Released' || spec.persistentVolumeReclaimPolicy !== 'Delete') return;
        if (metadata.deletionTimestamp !== undefined) return;
        quietly(client.delete(`/api/v1/persistentvolumes/${metadata.name}`));
      },
      gone: () => undefined,
    },
    signal,
  );
}

/** True for a bound claim that asks for another size than it has. */
export function needsGrowth({ spec, status }: Claim): boolean {
  const has = status?.capacity?.storage;
  return (
    classes.includes(spec.storageClassName ?? '') &&
    status?.phase === 'Bound' &&
    has !== undefined &&
    has !== spec.resources.requests.storage
  );
}

async function grow(client: KubeClient, { metadata, spec }: Claim): Promise<void> {
  const capacity = { storage: spec.resources.requests.storage };
  await client.mergePatch(`/api/v1/persistentvolumes/${spec.volumeName ?? ''}`, { spec: { capacity } });
  await client.mergePatch(
    `/api/v1/namespaces/${metadata.namespace ?? ''}/persistentvolumeclaims/${metadata.name}/status`,
    { status: { capacity } },
  );
}
