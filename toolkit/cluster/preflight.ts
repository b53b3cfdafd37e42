import { ApiError, UserError } from '../action/errors.ts';
import type { AccessQuestion, KubernetesPort } from '../kubernetes/kubernetes.ts';

/** What the lock, the ledger and Helm's own storage need; the objects of the charts are the server's to judge. */
function questions(namespace: string): AccessQuestion[] {
  const needed: readonly (readonly [string, readonly string[]])[] = [
    ['leases.coordination.k8s.io', ['get', 'create', 'update']],
    ['configmaps', ['get', 'create', 'update']],
    ['secrets', ['list', 'create', 'update', 'patch', 'delete']],
    ['pods', ['list']],
  ];
  return needed.flatMap(([resource, verbs]) => verbs.map((verb) => ({ verb, resource, namespace })));
}

/** The first request: when nothing answers, address or credentials are wrong. Throws E_AUTH. */
export async function reach(kubernetes: KubernetesPort): Promise<string> {
  try {
    return await kubernetes.serverVersion();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 0) throw error;
    throw new UserError(
      'E_AUTH',
      `the API server does not answer: ${error.message}`,
      'check the server address in the kubeconfig and the network of the runner',
      { cause: error },
    );
  }
}

/** Checks that this identity may do what lock, ledger and Helm need. Throws E_RBAC. */
export async function preflight(kubernetes: KubernetesPort, namespaces: readonly string[]): Promise<void> {
  await requireAccess(kubernetes, namespaces.flatMap(questions));
}

/** Throws E_RBAC naming every answer that is no. */
export async function requireAccess(
  kubernetes: Pick<KubernetesPort, 'denied'>,
  asked: readonly AccessQuestion[],
): Promise<void> {
  const denied = await kubernetes.denied(asked);
  const [first] = denied;
  if (first === undefined) return;
  const place = (namespace: string | undefined): string =>
    namespace === undefined ? '' : ` in ${namespace}`;
  const names = denied.map(({ verb, resource, namespace }) => `${verb} ${resource}${place(namespace)}`);
  const flag = first.namespace === undefined ? '' : ` -n ${first.namespace}`;
  throw new UserError(
    'E_RBAC',
    `the identity of the kubeconfig may not ${names.join(', ')}`,
    `bind a role with these verbs; check with \`kubectl auth can-i ${first.verb} ${first.resource}${flag}\``,
  );
}
