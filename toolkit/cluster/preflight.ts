import { ApiError, UserError } from '../action/errors.ts';
import { watchedResources } from '../health/judge-health.ts';
import type { AccessQuestion, KubernetesPort } from '../kubernetes/kubernetes.ts';
import { revisionResources } from '../ledger/live-workloads.ts';

/** What the lock, the ledger, Helm's own storage and the health verdict need; the objects of the charts are asked about later. */
function questions(namespace: string): AccessQuestion[] {
  const needed: readonly (readonly [string, readonly string[]])[] = [
    ['leases.coordination.k8s.io', ['get', 'create', 'update']],
    ['configmaps', ['get', 'create', 'update']],
    ['secrets', ['get', 'list', 'create', 'update', 'patch', 'delete']],
    ...[...watchedResources, ...revisionResources].map((resource) => [resource, ['list']] as const),
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

/** Checks that this identity may do what lock, ledger, Helm and the health verdict need. Throws E_RBAC. */
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
