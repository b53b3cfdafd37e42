import { applications } from '../../../toolkit/argocd/application.ts';
import { accessFor } from '../../../toolkit/cluster/object-access.ts';
import { requireAccess } from '../../../toolkit/cluster/preflight.ts';
import type { AccessQuestion, KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { diffManifests } from '../../../toolkit/manifests/diff-manifests.ts';
import type { Histories } from './histories.ts';
import type { Inputs } from './inputs.ts';
import { historyOf, manifestOf } from './observe.ts';
import type { Step } from './plan.ts';

/** Throws E_RBAC when the identity may not do what the steps come to; nothing has changed by then. */
export async function requireAllowed(
  kubernetes: Pick<KubernetesPort, 'denied'>,
  mode: Inputs['mode'],
  steps: readonly Step[],
  histories: Histories,
): Promise<void> {
  await requireAccess(
    kubernetes,
    steps.flatMap((step) => questionsFor(mode, step, histories)),
  );
}

function questionsFor(
  mode: Inputs['mode'],
  { release, target }: Step,
  histories: Histories,
): AccessQuestion[] {
  const { namespace, kind } = release;
  if (kind === 'argocd') return ['get', 'patch'].map((verb) => ({ verb, resource: applications, namespace }));
  if (mode === 'workloads') {
    return ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'].flatMap((resource) =>
      ['get', 'patch'].map((verb) => ({ verb, resource, namespace })),
    );
  }
  const history = historyOf(histories, release);
  const current = manifestOf(history, target.from.revision);
  const wanted = manifestOf(history, target.to.revision);
  return accessFor(diffManifests(current, wanted, namespace));
}
