import { isPodReady } from '../../../toolkit/health/judge-pods.ts';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import { at, text } from '../../../toolkit/manifests/fields.ts';

export interface StuckPod {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly statefulSet: string;
}

/**
 * The pod that keeps a StatefulSet from going back: with ordered pods the controller waits for an unready pod of the
 * old template to become ready before it replaces any (kubernetes#67250), which a broken one never does.
 */
export function findStuckPod(live: readonly KubernetesObject[]): StuckPod | undefined {
  for (const set of live.filter(({ kind }) => kind === 'StatefulSet')) {
    if (text(at(set.spec, 'podManagementPolicy'), 'OrderedReady') !== 'OrderedReady') continue;
    if (text(at(set.spec, 'updateStrategy', 'type'), 'RollingUpdate') !== 'RollingUpdate') continue;
    const wanted = text(at(set.status, 'updateRevision'));
    const isSeen = at(set.status, 'observedGeneration') === set.metadata.generation;
    if (wanted === '' || !isSeen) continue;
    const unready = live
      .filter(
        (object) =>
          object.kind === 'Pod' &&
          (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === set.metadata.uid) &&
          !isPodReady(object),
      )
      .toSorted((a, b) => ordinalOf(a) - ordinalOf(b))
      .at(0);
    if (unready === undefined || unready.metadata.deletionTimestamp !== undefined) continue;
    if (unready.metadata.labels?.['controller-revision-hash'] === wanted) continue;
    const { name, namespace = '', uid = '' } = unready.metadata;
    return { name, namespace, uid, statefulSet: set.metadata.name };
  }
  return undefined;
}

function ordinalOf(pod: KubernetesObject): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? 0);
}
