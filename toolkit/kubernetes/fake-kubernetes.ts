import { ApiError } from '../action/errors.ts';
import type { KubernetesObject, KubernetesPort, ResourceRef } from './kubernetes.ts';

/** `configmaps`, `deployments.apps` → `configmap`, `deployment`; the same for a kind. */
function typeOf(resourceOrKind: string): string {
  const plural = (resourceOrKind.split('.')[0] ?? '').toLowerCase();
  return plural
    .replace(/(ss|ch|x)es$/, '$1')
    .replace(/ies$/, 'y')
    .replace(/([^s])s$/, '$1');
}

export interface FakeKubernetes extends KubernetesPort {
  readonly objects: Map<string, KubernetesObject>;
  /** Every write in order: `create configmap/ns/name`. */
  readonly writes: string[];
  /** Puts an object there as if someone else had written it. */
  readonly put: (object: KubernetesObject) => KubernetesObject;
  /** Runs before each write; throw from it to make the server refuse. */
  beforeWrite: (write: string) => void;
}

/** A cluster in memory with resource versions, conflicts and label selectors of the form `a=b,c=d`. */
export function fakeKubernetes(initial: readonly KubernetesObject[] = []): FakeKubernetes {
  const objects = new Map<string, KubernetesObject>();
  const writes: string[] = [];
  let version = 0;
  const keyOf = (type: string, namespace: string | undefined, name: string): string =>
    `${typeOf(type)}/${namespace ?? ''}/${name}`;
  const keyOfObject = (object: KubernetesObject): string =>
    keyOf(object.kind, object.metadata.namespace, object.metadata.name);
  const keyOfRef = (ref: ResourceRef): string => keyOf(ref.resource, ref.namespace, ref.name);
  const put = (object: KubernetesObject): KubernetesObject => {
    version += 1;
    const key = keyOfObject(object);
    const uid = objects.get(key)?.metadata.uid ?? object.metadata.uid ?? `uid-${version}`;
    const stored = structuredClone({
      ...object,
      metadata: { ...object.metadata, uid, resourceVersion: String(version) },
    });
    objects.set(key, stored);
    return structuredClone(stored);
  };
  const refuse = (status: number, key: string): ApiError =>
    new ApiError(status === 409 ? 'E_CONFLICT' : 'E_CONFIG', `${key}: status ${status}`, { status });
  const write = (verb: string, key: string): void => {
    fake.beforeWrite(`${verb} ${key}`);
    writes.push(`${verb} ${key}`);
  };

  const fake: FakeKubernetes = {
    objects,
    writes,
    put,
    beforeWrite: () => undefined,
    get: async (ref) => structuredClone(objects.get(keyOfRef(ref))),
    list: async (query) => {
      const wanted = new Set(query.resources.map(typeOf));
      const labels = (query.labelSelector ?? '').split(',').filter((item) => item !== '');
      return [...objects.values()].filter(
        (object) =>
          wanted.has(typeOf(object.kind)) &&
          (query.namespace === undefined || object.metadata.namespace === query.namespace) &&
          labels.every((item) => {
            const [key = '', value] = item.split('=');
            const actual = object.metadata.labels?.[key];
            return value === undefined ? actual !== undefined : actual === value;
          }),
      );
    },
    create: async (object) => {
      const key = keyOfObject(object);
      write('create', key);
      if (objects.has(key)) throw refuse(409, key);
      return put(object);
    },
    replace: async (object) => {
      const key = keyOfObject(object);
      write('replace', key);
      const current = objects.get(key);
      if (current === undefined) throw refuse(404, key);
      const expected = object.metadata.resourceVersion;
      if (expected !== undefined && expected !== current.metadata.resourceVersion) throw refuse(409, key);
      return put(object);
    },
    patch: async (ref, patch, { type }) => {
      const key = keyOfRef(ref);
      write('patch', key);
      const current = objects.get(key);
      if (current === undefined) throw refuse(404, key);
      if (type !== 'merge') throw new Error('the fake knows merge patches only');
      const expected = (patch as { metadata?: { resourceVersion?: string } }).metadata?.resourceVersion;
      if (expected !== undefined && expected !== current.metadata.resourceVersion) throw refuse(409, key);
      return put(mergePatch(current, patch) as KubernetesObject);
    },
    apply: async (applied, { dryRun }) =>
      applied.map((object) => {
        write(dryRun === true ? 'dry-run' : 'apply', keyOfObject(object));
        const current = objects.get(keyOfObject(object));
        const merged = mergePatch(current ?? {}, object) as KubernetesObject;
        return dryRun === true ? merged : put(merged);
      }),
    delete: async (ref, { preconditions } = {}) => {
      const key = keyOfRef(ref);
      write('delete', key);
      const { uid } = preconditions ?? {};
      if (uid !== undefined && objects.has(key) && objects.get(key)?.metadata.uid !== uid)
        throw refuse(409, key);
      return objects.delete(key);
    },
    canI: async () => true,
    denied: async () => [],
    serverVersion: async () => 'v1.37.2',
    apiResources: async () => [],
    logs: async () => '',
    events: async () => [],
    rolloutUndo: async ({ kind, name, namespace, revision }) => {
      write(`undo-to-${revision}`, keyOf(kind, namespace, name));
    },
  };
  for (const object of initial) put(object);
  return fake;
}

/** RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}
