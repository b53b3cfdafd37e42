import { randomUUID } from 'node:crypto';
import { UserError } from '../action/errors.ts';
import type { Clock } from '../clock/clock.ts';
import { isStatus } from '../kubernetes/kubectl-error.ts';
import type { KubernetesObject, KubernetesPort } from '../kubernetes/kubernetes.ts';
import { at, list, text } from '../manifests/fields.ts';
import { applications, operationState, readApplication, type OperationState } from './application.ts';

export interface OperationRequest {
  readonly kubernetes: Pick<KubernetesPort, 'get' | 'patch'>;
  readonly clock: Clock;
  readonly name: string;
  /** Of the Application itself. */
  readonly namespace: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Operation {
  /** Merge patch of the spec, in the same write. */
  readonly spec?: Record<string, unknown>;
  /** Shown by Argo CD beside the operation. */
  readonly info: { readonly name: string; readonly value: string };
  readonly sync: Record<string, unknown>;
}

export type Ending =
  /** It succeeded, and Argo CD has looked at the objects since. */
  | { readonly ended: 'over'; readonly application: KubernetesObject }
  | { readonly ended: 'failed'; readonly message: string }
  | {
      readonly ended: 'late';
      readonly application: KubernetesObject;
      readonly operation: OperationState['state'];
    };

const lookEveryMs = 1_000;
const user = 'gated-delivery';
const refresh = 'argocd.argoproj.io/refresh';
const asUs = { type: 'merge', fieldManager: user } as const;

/**
 * The Application once Argo CD is at no operation: to write over one would lose it. What a dead run of this project began
 * is stopped, for with the lock held nobody waits for it. Throws E_RELEASE_BUSY when the time is up.
 */
export async function whenIdle(request: OperationRequest): Promise<KubernetesObject> {
  const { kubernetes, clock, name, namespace, timeoutMs, signal } = request;
  const end = clock.now() + timeoutMs;
  for (;;) {
    const application = await readApplication(kubernetes, name, namespace);
    if (application.operation === undefined) return application;
    if (clock.now() >= end) throw busy(name);
    await stopOperation(request, (operation) => at(operation, 'initiatedBy', 'username') === user);
    await clock.sleep(lookEveryMs, signal);
  }
}

/** Begins an operation and waits until it is over and `isOver` says so of what Argo CD saw afterwards. A cancel stops it. */
export async function runOperation(
  request: OperationRequest,
  application: KubernetesObject,
  { spec, info, sync }: Operation,
  isOver: (application: KubernetesObject) => boolean | Promise<boolean>,
): Promise<Ending> {
  const { kubernetes, clock, name, namespace, timeoutMs, signal } = request;
  const ref = { resource: applications, name, namespace };
  const id = randomUUID();
  const syncOptions = list(at(application.spec, 'syncPolicy', 'syncOptions'));
  const operation = {
    initiatedBy: { username: user },
    info: [info, { name: 'Id', value: id }],
    sync: { ...sync, ...(syncOptions.length === 0 ? {} : { syncOptions }) },
  };
  const end = clock.now() + timeoutMs;
  await kubernetes.patch(ref, { ...(spec === undefined ? {} : { spec }), operation }, asUs);
  let hasAsked = false;
  try {
    for (;;) {
      const now = await readApplication(kubernetes, name, namespace);
      const state = operationState(now, id);
      if (state.state === 'failed') return { ended: 'failed', message: state.message };
      if (state.state === 'succeeded' && !hasAsked) {
        // What it says of health may be of before the sync; it takes the mark away with the next look.
        await kubernetes.patch(ref, { metadata: { annotations: { [refresh]: 'normal' } } }, asUs);
        hasAsked = true;
      } else if (hasAsked && now.metadata.annotations?.[refresh] === undefined && (await isOver(now))) {
        return { ended: 'over', application: now };
      }
      if (clock.now() >= end) {
        await stopOperation(request, isThis(id));
        return { ended: 'late', application: now, operation: state.state };
      }
      await clock.sleep(lookEveryMs, signal);
    }
  } catch (error) {
    await stopOperation(request, isThis(id)).catch(() => undefined);
    throw error;
  }
}

const isThis =
  (id: string) =>
  (operation: unknown): boolean =>
    list(at(operation, 'info')).some((item) => at(item, 'value') === id);

/** What `argocd app terminate-op` does; one that is not taken up yet is taken back. */
async function stopOperation(
  { kubernetes, name, namespace }: OperationRequest,
  isMeant: (operation: unknown) => boolean,
): Promise<void> {
  for (let tries = 0; tries < 4; tries += 1) {
    const { metadata, operation, status } = await readApplication(kubernetes, name, namespace);
    const phase = text(at(status, 'operationState', 'phase'));
    if (operation === undefined || !isMeant(operation) || phase === 'Terminating') return;
    const change =
      phase === 'Running' ? { status: { operationState: { phase: 'Terminating' } } } : { operation: null };
    const { resourceVersion } = metadata;
    try {
      const patch = { metadata: { resourceVersion }, ...change };
      await kubernetes.patch({ resource: applications, name, namespace }, patch, asUs);
      return;
    } catch (error) {
      // Argo CD wrote in between: what it is at now is looked at again.
      if (!isStatus(error, 409)) throw error;
    }
  }
}

function busy(name: string): UserError {
  return new UserError(
    'E_RELEASE_BUSY',
    `Argo CD is at work on Application ${name}`,
    `wait for it: \`argocd app wait ${name} --operation\``,
  );
}
