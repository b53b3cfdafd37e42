import { UserError } from '../action/errors.ts';
import type { KubectlCall } from '../kubernetes/kubectl-call.ts';
import { isStatus } from '../kubernetes/kubectl-error.ts';
import { pointer, type PatchOperation } from './json-patch.ts';
import { SplitError, type TrafficObject } from './traffic-object.ts';

/** The field manager under which weights are set. */
export const fieldManager = 'gated-delivery';

export interface ObjectReference {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Reads one object; refuses with `E_CONFIG` when it is not there. */
export async function getObject(call: KubectlCall, reference: ObjectReference): Promise<TrafficObject> {
  const { resource, name } = reference;
  const shown = ['-o', 'json', '--show-managed-fields'];
  const text = await call(['get', resource, name, ...namespaced(reference), ...shown], {
    repeatable: true,
  }).catch((error: unknown) => {
    if (!isStatus(error, 404)) throw error;
    throw new UserError(
      'E_CONFIG',
      `input 'router' names ${resource} '${name}', which does not exist`,
      `kubectl get ${resource} ${namespaced(reference).join(' ')}`,
      { cause: error },
    );
  });
  return JSON.parse(text) as TrafficObject;
}

/**
 * Applies what `operations` makes of the object, then takes our own entry out of its managedFields: the weights
 * belong to the release again, and Helm's next server-side apply meets no conflict.
 */
export async function patchObject(
  call: KubectlCall,
  reference: ObjectReference,
  operations: (object: TrafficObject) => readonly PatchOperation[],
): Promise<TrafficObject> {
  await optimistically(async () => {
    const object = await getObject(call, reference);
    await patch(call, reference, [version(object), ...operations(object)]);
  });
  return optimistically(async () => {
    const object = await getObject(call, reference);
    const index = (object.metadata.managedFields ?? []).findIndex(({ manager }) => manager === fieldManager);
    if (index < 0) return object;
    await patch(call, reference, [
      version(object),
      { op: 'remove', path: pointer('metadata', 'managedFields', index) },
    ]);
    return object;
  });
}

/** Turns "this object has no split" into a refusal of the input. */
export function refusing<T>(reference: ObjectReference, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof SplitError)) throw error;
    throw new UserError(
      'E_CONFIG',
      `input 'router': ${reference.resource} '${reference.name}': ${error.message}`,
      "name the arms with '#stable=NAME,canary=NAME'",
      { cause: error },
    );
  }
}

async function patch(
  call: KubectlCall,
  reference: ObjectReference,
  operations: readonly PatchOperation[],
): Promise<void> {
  const { resource, name } = reference;
  const patchText = JSON.stringify(operations);
  const fixed = ['--type=json', `--field-manager=${fieldManager}`, '--patch', patchText];
  await call(['patch', resource, name, ...namespaced(reference), ...fixed], { repeatable: false });
}

/** Repeats what lost a race against another writer. A failed `test` of the version comes back as 422 or 409. */
async function optimistically<T>(body: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await body();
    } catch (error) {
      if (attempt >= 4 || !(isStatus(error, 409) || isStatus(error, 422))) throw error;
    }
  }
}

function version({ metadata }: TrafficObject): PatchOperation {
  return {
    op: 'test',
    path: pointer('metadata', 'resourceVersion'),
    value: metadata.resourceVersion ?? '',
  };
}

function namespaced({ namespace }: ObjectReference): string[] {
  return namespace === '' ? [] : ['--namespace', namespace];
}
