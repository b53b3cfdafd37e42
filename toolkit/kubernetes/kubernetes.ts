/** Any JSON object the API server holds. Fields that this project reads are narrowed where they are used. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
    readonly controller?: boolean;
  }[];
  readonly [field: string]: unknown;
}

/** `resource` as kubectl takes it: plural, with the group when it is not the core one: `secrets`, `deployments.apps`. */
export interface ResourceRef {
  readonly resource: string;
  readonly name: string;
  /** Left out for cluster-wide resources. */
  readonly namespace?: string;
}

export interface ListQuery {
  /** One or more resources, as in `ResourceRef`. */
  readonly resources: readonly string[];
  readonly namespace?: string;
  /** Lists over all namespaces; `namespace` must be left out. */
  readonly allNamespaces?: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface AccessQuestion {
  readonly verb: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly subresource?: string;
  readonly name?: string;
}

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Default namespace for objects that name none. */
  readonly namespace?: string;
  /** Takes fields over from other managers; without it a conflict is an `E_CONFLICT` ApiError that names the manager. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export interface DeleteOptions {
  /** Refused with status 409 when the object has another UID or version meanwhile. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface ApiResource {
  /** Plural name with group, as in `ResourceRef`. */
  readonly resource: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface LogQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  /** The run before the last restart. */
  readonly previous?: boolean;
  readonly tailLines: number;
}

/**
 * What the actions ask of a cluster. Each call throws an ApiError when the server refuses: status 401 `E_AUTH`,
 * 403 `E_RBAC` (or `E_QUOTA`, `E_ADMISSION` by its text), 409 `E_CONFLICT`, 422 `E_IMMUTABLE` or `E_CONFIG`,
 * 0 (not reachable) `E_AUTH` before anything else worked and `E_TIMEOUT` later. 429, 5xx and lost connections are
 * retried inside within a bounded time; a write that may have reached the server is only repeated where that is safe.
 */
export interface KubernetesPort {
  /** The object, or undefined when it (or its namespace) does not exist; who owns which field only when asked for. */
  readonly get: (
    ref: ResourceRef,
    options?: { readonly managedFields?: boolean },
  ) => Promise<KubernetesObject | undefined>;
  /** All objects that match; `[]` when a resource type is not known to the server. */
  readonly list: (query: ListQuery) => Promise<readonly KubernetesObject[]>;
  /** Creates; an object of that name already there is an ApiError with status 409. */
  readonly create: (object: KubernetesObject) => Promise<KubernetesObject>;
  /** Replaces; with `metadata.resourceVersion` set, status 409 when it changed meanwhile. */
  readonly replace: (object: KubernetesObject) => Promise<KubernetesObject>;
  /** Merge patch (`merge`) or JSON patch (`json`). */
  readonly patch: (
    ref: ResourceRef,
    patch: unknown,
    options: {
      readonly type: 'merge' | 'json';
      readonly fieldManager?: string;
      readonly subresource?: string;
    },
  ) => Promise<KubernetesObject>;
  /** Server-side apply of all objects in one go; the objects as the server now has them. */
  readonly apply: (
    objects: readonly KubernetesObject[],
    options: ApplyOptions,
  ) => Promise<readonly KubernetesObject[]>;
  /** Deletes in the background, dependents too; false when it was not there. */
  readonly delete: (ref: ResourceRef, options?: DeleteOptions) => Promise<boolean>;
  /** Whether the identity may do it (SelfSubjectAccessReview). */
  readonly canI: (question: AccessQuestion) => Promise<boolean>;
  /** Those of the questions that are answered with no, in one request to kubectl. */
  readonly denied: (questions: readonly AccessQuestion[]) => Promise<readonly AccessQuestion[]>;
  /** The server's version, such as `v1.37.2`. The first call is the reachability check. */
  readonly serverVersion: () => Promise<string>;
  /** Every resource the server serves, each group version once. */
  readonly apiResources: () => Promise<readonly ApiResource[]>;
  /** The last lines of a container's log; '' when there is none. */
  readonly logs: (query: LogQuery) => Promise<string>;
  /** Events about one object, oldest first. */
  readonly events: (query: {
    readonly namespace: string;
    readonly kind: string;
    readonly name: string;
  }) => Promise<readonly KubernetesObject[]>;
  /** `kubectl rollout undo --to-revision`: `revision` is explicit and ≥ 1, for 0 would mean "the one before". */
  readonly rolloutUndo: (target: {
    readonly kind: 'Deployment' | 'DaemonSet' | 'StatefulSet';
    readonly name: string;
    readonly namespace: string;
    readonly revision: number;
  }) => Promise<void>;
}
