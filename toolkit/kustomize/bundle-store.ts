import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ReleaseRevision, ReleaseStatus } from '../helm/helm.ts';
import type { KubernetesObject, KubernetesPort } from '../kubernetes/kubernetes.ts';

const owner = 'gated-delivery';
const secretType = 'gated-delivery.dev/bundle.v1';
const overlayAnnotation = 'gated-delivery.dev/overlay';
/** Bundles kept beside the current one, as Helm keeps revisions. */
const kept = 10;

type Status = Extract<ReleaseStatus, 'pending-upgrade' | 'deployed' | 'superseded' | 'failed'>;

/** One rendered overlay: the history of a kustomize unit is made of these, as Helm's is of release Secrets. */
export interface NewBundle {
  readonly name: string;
  readonly namespace: string;
  /** All objects as YAML or JSON documents, with the inventory label on them. */
  readonly manifest: string;
  readonly description: string;
  /** Folder of the overlay, which tells whose bundles go by this name; '' when that is not known. */
  readonly overlay: string;
  /** RFC 3339. */
  readonly now: string;
}

/** Bundles of one unit or of a whole namespace, oldest first, in the shape of Helm's revisions. */
export async function bundleHistory(
  kubernetes: KubernetesPort,
  namespace: string,
  name?: string,
): Promise<readonly ReleaseRevision[]> {
  const labelSelector = name === undefined ? `owner=${owner}` : `owner=${owner},name=${name}`;
  const secrets = await kubernetes.list({ resources: ['secrets'], namespace, labelSelector });
  return secrets.flatMap((secret) => readBundle(secret) ?? []).toSorted((a, b) => a.revision - b.revision);
}

/** Stores a bundle as the next revision before it is applied; `setBundleStatus` tells afterwards how that went. */
export async function saveBundle(kubernetes: KubernetesPort, bundle: NewBundle): Promise<ReleaseRevision> {
  const history = await bundleHistory(kubernetes, bundle.namespace, bundle.name);
  const revision = (history.at(-1)?.revision ?? 0) + 1;
  const secret = await kubernetes.create({
    apiVersion: 'v1',
    kind: 'Secret',
    type: secretType,
    metadata: {
      name: `gated-delivery.bundle.${bundle.name}.v${revision}`,
      namespace: bundle.namespace,
      labels: { owner, name: bundle.name, version: String(revision), status: 'pending-upgrade' },
      annotations: {
        'gated-delivery.dev/description': bundle.description,
        'gated-delivery.dev/applied': bundle.now,
        ...(bundle.overlay === '' ? {} : { [overlayAnnotation]: bundle.overlay }),
      },
    },
    data: { bundle: gzipSync(Buffer.from(bundle.manifest, 'utf8'), { level: 9 }).toString('base64') },
  });
  const saved = readBundle(secret);
  if (saved === undefined) throw new Error(`${secret.metadata.name} cannot be read back`);
  return saved;
}

/** Marks how applying went. A deployed bundle supersedes the ones before; the oldest of too many are removed. */
export async function setBundleStatus(
  kubernetes: KubernetesPort,
  bundle: ReleaseRevision,
  status: 'deployed' | 'failed',
): Promise<void> {
  const mark = (name: string, label: Status): Promise<unknown> =>
    kubernetes.patch(
      { resource: 'secrets', name, namespace: bundle.namespace },
      { metadata: { labels: { status: label } } },
      { type: 'merge' },
    );
  await mark(bundle.secret.name, status);
  if (status === 'failed') return;
  const before = (await bundleHistory(kubernetes, bundle.namespace, bundle.name)).filter(
    ({ revision }) => revision < bundle.revision,
  );
  for (const old of before.filter((other) => other.status === 'deployed'))
    await mark(old.secret.name, 'superseded');
  for (const old of before.slice(0, Math.max(0, before.length - kept)))
    await kubernetes.delete({ resource: 'secrets', name: old.secret.name, namespace: bundle.namespace });
}

function readBundle(secret: KubernetesObject): ReleaseRevision | undefined {
  const data = (secret.data as Record<string, string> | undefined)?.bundle;
  const { labels = {}, annotations = {}, namespace = '' } = secret.metadata;
  const revision = Number(labels.version);
  if (data === undefined || secret.type !== secretType || !Number.isInteger(revision)) return undefined;
  const manifest = gunzipSync(Buffer.from(data, 'base64')).toString('utf8');
  return {
    name: labels.name ?? '',
    namespace,
    revision,
    status: statusOf(labels.status),
    description: annotations['gated-delivery.dev/description'] ?? '',
    lastDeployed: annotations['gated-delivery.dev/applied'] ?? '',
    chart: annotations[overlayAnnotation] ?? '',
    chartVersion: String(revision),
    appVersion: '',
    manifest,
    manifestSha256: createHash('sha256').update(manifest, 'utf8').digest('hex'),
    values: {},
    valuesSha256: '',
    hooks: [],
    applyMethod: 'ssa',
    secret: {
      name: secret.metadata.name,
      resourceVersion: secret.metadata.resourceVersion ?? '',
      bytes: data.length,
    },
  };
}

function statusOf(label: string | undefined): ReleaseStatus {
  const known: readonly Status[] = ['pending-upgrade', 'deployed', 'superseded', 'failed'];
  return known.find((status) => status === label) ?? 'unknown';
}
