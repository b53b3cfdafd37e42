import { ApiError } from '../action/errors.ts';
import type { KubectlCall } from './kubectl-call.ts';
import { isStatus } from './kubectl-error.ts';
import type { DeleteOptions, KubernetesObject } from './kubernetes.ts';

/**
 * Deletes an object only if it is still the one that is meant: `kubectl delete` cannot ask that of the server, its
 * `--raw` can. False when it is not there; status 409 when another one is.
 */
export async function deleteExactly(
  call: KubectlCall,
  object: KubernetesObject | undefined,
  preconditions: NonNullable<DeleteOptions['preconditions']>,
): Promise<boolean> {
  if (object === undefined) return false;
  const input = JSON.stringify({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Background',
    preconditions,
  });
  try {
    await call(['delete', '--raw', await pathOf(call, object), '-f', '-'], { input, repeatable: true });
    return true;
  } catch (error) {
    if (isStatus(error, 404)) return false;
    throw error;
  }
}

/** Where the API server keeps an object; of its group's resources alone, for another group may be out of order. */
async function pathOf(call: KubectlCall, { apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
  const base = `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}`;
  const { resources } = JSON.parse(await call(['get', '--raw', base], { repeatable: true })) as {
    readonly resources: readonly { readonly name: string; readonly kind: string }[];
  };
  const plural = resources.find((resource) => resource.kind === kind && !resource.name.includes('/'))?.name;
  if (plural === undefined)
    throw new ApiError('E_CRD', `the server does not serve ${kind} in ${apiVersion}`, { status: 404 });
  const place =
    metadata.namespace === undefined ? '' : `/namespaces/${encodeURIComponent(metadata.namespace)}`;
  return `${base}${place}/${plural}/${encodeURIComponent(metadata.name)}`;
}
