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

/** Checks that the server and lets this identity do what a deploy needs. Throws E_AUTH or E_RBAC. */
export async function preflight(kubernetes: KubernetesPort, namespaces: readonly string[]): Promise<void> {
  const denied = await kubernetes.denied(namespaces.flatMap(questions));
  if (denied.length === 0) return;
  const names = denied.map(({ verb, resource, namespace }) => `${verb} ${resource} in ${namespace ?? ''}`);
  const first = denied[0];
  throw new UserError(
    'E_RBAC',
    `the identity of the kubeconfig may not ${names.join(', ')}`,
    `bind a role with these verbs; check with \`kubectl auth can-i ${first?.verb ?? ''} ${first?.resource ?? ''} -n ${first?.namespace ?? ''}\``,
  );
}
