import { at, canonical, list, sameFields, text } from './fields.ts';
import { about, nameOf, type ManifestObject } from './manifest-object.ts';
import type { Risk } from './risk.ts';

/** Fields the API server refuses to change, by kind. */
const immutable: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec.selector'],
  DaemonSet: ['spec.selector'],
  ReplicaSet: ['spec.selector'],
  Job: ['spec.selector', 'spec.template', 'spec.completionMode'],
  PersistentVolumeClaim: ['spec.accessModes', 'spec.storageClassName', 'spec.volumeMode', 'spec.selector'],
  RoleBinding: ['roleRef'],
  ClusterRoleBinding: ['roleRef'],
  StorageClass: ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'],
};

/** Fields that differ although the server never changes them; the object exists in both manifests. */
export function immutableFields(before: ManifestObject, after: ManifestObject): Risk[] {
  if (before.kind === 'StatefulSet') return statefulSetFields(before, after);
  const changed = (immutable[before.kind] ?? []).filter(
    (field) => !sameFields(at(before, ...field.split('.')), at(after, ...field.split('.'))),
  );
  if (before.kind === 'PersistentVolumeClaim' && storageOf(after) < storageOf(before))
    changed.push('spec.resources.requests.storage');
  if ((before.kind === 'Secret' || before.kind === 'ConfigMap') && at(before, 'immutable') === true) {
    for (const field of ['data', 'binaryData', 'stringData', 'immutable'])
      if (!sameFields(at(before, field), at(after, field))) changed.push(field);
  }
  if (before.kind === 'Service' && headless(before) !== headless(after)) changed.push('spec.clusterIP');
  return changed.map((field) => ({
    kind: 'immutable-field',
    code: 'E_IMMUTABLE',
    ...about(before),
    field,
    message: `${field} of ${nameOf(before)} would change, and Kubernetes never changes it`,
  }));
}

/** All of a StatefulSet's spec but these few is fixed for life; the claims and their sizes are what charts change. */
function statefulSetFields(before: ManifestObject, after: ManifestObject): Risk[] {
  const changed = ['spec.selector', 'spec.serviceName', 'spec.podManagementPolicy'].filter((field) => {
    const fallback = field === 'spec.podManagementPolicy' ? 'OrderedReady' : undefined;
    const path = field.split('.');
    return !sameFields(at(before, ...path) ?? fallback, at(after, ...path) ?? fallback);
  });
  if (claimTemplates(before) !== claimTemplates(after)) changed.unshift('spec.volumeClaimTemplates');
  return changed.map((field) => ({
    kind: 'sts-immutable',
    code: 'E_STS_IMMUTABLE',
    ...about(before),
    field,
    message: `${field} of ${nameOf(before)} would change, and Kubernetes never changes it`,
  }));
}

/** What the server compares of volumeClaimTemplates, with its defaults filled in. */
function claimTemplates(object: ManifestObject): string {
  return canonical(
    list(at(object.spec, 'volumeClaimTemplates')).map((claim) => ({
      name: at(claim, 'metadata', 'name'),
      labels: at(claim, 'metadata', 'labels'),
      annotations: at(claim, 'metadata', 'annotations'),
      spec: { volumeMode: 'Filesystem', ...(at(claim, 'spec') as object | undefined) },
    })),
  );
}

function headless(service: ManifestObject): boolean {
  return at(service.spec, 'clusterIP') === 'None';
}

function storageOf(claim: ManifestObject): number {
  return parseQuantity(at(claim.spec, 'resources', 'requests', 'storage'));
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** Bytes of a Kubernetes quantity such as `8Gi`; 0 when it is none. */
export function parseQuantity(value: unknown): number {
  const [, amount = '', unit = ''] =
    /^([\d.]+(?:e\d+)?)([a-zA-Z]*)$/.exec(typeof value === 'number' ? `${value}` : text(value)) ?? [];
  const bytes = Number(amount) * (units[unit] ?? NaN);
  return Number.isFinite(bytes) ? bytes : 0;
}
