/** A mistake only the user can mend: bad input, missing permission, a refusal by a guard. Shown without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: ErrorCode;
  /** One next command or step that mends it. */
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** A tool that ran and did not do its work. `stderrTail` holds its last lines, already redacted. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly code: ErrorCode;
  readonly argv: readonly string[];
  readonly exitCode: number | null;
  readonly stderrTail: string;

  constructor(
    code: ErrorCode,
    message: string,
    details: { argv: readonly string[]; exitCode: number | null; stderrTail: string },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.argv = details.argv;
    this.exitCode = details.exitCode;
    this.stderrTail = details.stderrTail;
  }
}

/** A service that answered with an error, or did not answer (`status` 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly requestId: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    details: { status: number; requestId?: string | undefined },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.status = details.status;
    this.requestId = details.requestId;
  }
}

/** Stable codes users can search for. docs/errors.md is generated from this table: code → meaning and next command. */
export const errorCodes = {
  E_CONFIG: 'An input or configuration file is wrong: correct what the message names.',
  E_UNMAPPED: 'No entry of `environments` matches the branch: add one, or set `on-unmapped: skip`.',
  E_GATE_MISSING: 'The environment has no required reviewers: add them under Settings → Environments.',
  E_AUTH: 'Credentials were refused: check the token or the kubeconfig.',
  E_RBAC:
    'The identity lacks a verb: run `kubectl auth can-i` with what the message names and bind the role.',
  E_LOCKED: 'Another run holds the lock of this namespace: wait for it, or raise `lock-timeout`.',
  E_RELEASE_BUSY:
    'Helm or Argo CD is at work on this release elsewhere: wait for the run or the sync the message names.',
  E_RENDER: 'The chart does not render: run `helm template` with the same values.',
  E_RELEASE_TOO_BIG:
    'The release is larger than a Secret may be (1 MiB): split the chart or drop large files.',
  E_IMMUTABLE:
    'A field that Kubernetes never changes would change: allow it by name, or recreate the object.',
  E_CONFLICT: 'Another field manager owns a field: let it go there, or set `force: true`.',
  E_OWNERSHIP: 'An object belongs to someone else: adopt it with Helm labels, or rename yours.',
  E_CRD: 'A custom resource definition is missing or holds versions in use: install or migrate it first.',
  E_QUOTA: 'A ResourceQuota or LimitRange refuses the objects: raise it or lower the requests.',
  E_ADMISSION: 'An admission webhook or policy refused an object: read its message.',
  E_HOOK: 'A Helm hook failed: read its logs, mend it, deploy again.',
  E_IMAGE_PULL: 'An image cannot be pulled: check its name, tag and pull secret.',
  E_CRASHLOOP: 'A container keeps crashing: read its last logs.',
  E_UNSCHEDULABLE: 'No node can take a pod: check requests, taints and affinity.',
  E_PVC: 'A volume claim is not bound: check its storage class and provisioner.',
  E_TIMEOUT: 'It was not healthy in time: read the reason beside it, then raise `timeout` or mend it.',
  E_GATE: 'The gate did not pass: read the verdict in the summary.',
  E_PARTIAL: 'Some releases were handled and some not: run the same command again to finish.',
  E_CANCELLED: 'The run was cancelled: run it again, it continues where it stopped.',
  E_NO_TARGET:
    'No verified revision to go back to: name one with `revision`, or allow it with `allow-unverified`.',
  E_OVERTAKEN: 'A newer deploy came after the one to undo: nothing was changed; look at the newer one first.',
  E_STATEFUL_DOWNGRADE:
    'A stateful engine would be downgraded: name the release in `allow-stateful` after a backup.',
  E_STS_IMMUTABLE:
    'A StatefulSet field that cannot change differs: recreate it with `--cascade=orphan` first.',
  E_DATA_LOSS: 'An object that holds data would be deleted: keep it with `helm.sh/resource-policy: keep`.',
  E_MIGRATION:
    'Migrations ran between the revisions: declare `migrations: backward-compatible` if that is so.',
  E_API_REMOVED: 'The old manifest uses an API the server no longer has: roll forward instead.',
  E_ROLLBACK_HOOK: 'A rollback hook failed: read its logs, then run the rollback again.',
  E_ROLLBACK_UNHEALTHY: 'The rollback is applied but not healthy: read the reason, then act by hand.',
  E_ALREADY_BAD: 'This commit was rolled back here before: fix forward, or set `force: true`.',
  E_UNPROVED: 'The release is not verified where it comes from: deploy it there, then promote it.',
  E_IMAGE_CHANGED:
    'An image is not the one that was proved: push each tag once, or name images by their digest.',
  E_PROMETHEUS: 'Prometheus does not answer as needed: check `prometheus-url` and its credentials.',
  E_TOOL: 'A tool is missing or broken: see the message for the one-line install.',
  E_NO_BASE: 'The merge base cannot be found: check out with `fetch-depth: 0`.',
  E_UNSAFE_EVENT: 'This event would run untrusted code with secrets: use `pull_request` instead.',
  E_GITHUB: 'GitHub refused a call: check the permissions of the job.',
  E_FINDINGS: 'New findings at or above the threshold: mend or waive them.',
  E_BUG: 'A fault of this action: please report it with the log.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** Closes a discriminated union: the compiler refuses a forgotten case. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
