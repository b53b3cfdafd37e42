import { resourcesOf } from '../../../toolkit/argocd/application.ts';
import type { KubernetesObject, KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import type { LedgerImage } from '../../../toolkit/ledger/ledger.ts';
import { at, list, text } from '../../../toolkit/manifests/fields.ts';
import { nameOf } from '../../../toolkit/manifests/manifest-object.ts';
import { isStateful } from '../../../toolkit/manifests/pod-templates.ts';

const kinds: Readonly<Record<string, string>> = {
  Deployment: 'deployments.apps',
  StatefulSet: 'statefulsets.apps',
  DaemonSet: 'daemonsets.apps',
};

/** What stands for an image that nobody wrote down: no one can say that data follows it. */
const unrecorded = 'an image that was not recorded';

/** The live workloads of an Application: its manifests are in Git, and Argo CD alone renders them. */
export async function liveWorkloads(
  kubernetes: Pick<KubernetesPort, 'get'>,
  application: KubernetesObject | undefined,
): Promise<KubernetesObject[]> {
  if (application === undefined) return [];
  const found = await Promise.all(
    resourcesOf(application).map(async ({ kind, name, namespace }) => {
      const resource = kinds[kind];
      return resource === undefined ? undefined : kubernetes.get({ resource, name, namespace });
    }),
  );
  return found.filter((object) => object !== undefined);
}

/** The same workloads with the images that the ledger recorded of the target. */
export function withRecordedImages(
  live: readonly KubernetesObject[],
  images: readonly LedgerImage[],
): KubernetesObject[] {
  return live.map((object) => {
    const spec = at(object.spec, 'template', 'spec');
    const recorded = images.filter(({ workload }) => workload === nameOf(object));
    const put = (container: unknown): unknown => {
      const known = recorded.find(({ container: name }) => name === at(container, 'name'));
      const unknown = isStateful(object) && recorded.length === 0 ? unrecorded : text(at(container, 'image'));
      return { ...(container as object), image: known?.image ?? unknown };
    };
    const containers = {
      initContainers: list(at(spec, 'initContainers')).map(put),
      containers: list(at(spec, 'containers')).map(put),
    };
    const template = {
      ...(at(object.spec, 'template') as object),
      spec: { ...(spec as object), ...containers },
    };
    return { ...object, spec: { ...(object.spec as object), template } };
  });
}
