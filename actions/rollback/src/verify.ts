import { UserError } from '../../../toolkit/action/errors.ts';
import type { Clock } from '../../../toolkit/clock/clock.ts';
import type { Log } from '../../../toolkit/action/log.ts';
import { explain } from '../../../toolkit/health/explain.ts';
import { watchedKinds } from '../../../toolkit/health/judge-health.ts';
import { watchHealth } from '../../../toolkit/health/watch-health.ts';
import type { KubernetesObject, KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { at, text } from '../../../toolkit/manifests/fields.ts';
import { findLeftovers, leftoverPatch } from '../../../toolkit/manifests/leftovers.ts';
import { liveDifferences, type LiveDifference } from '../../../toolkit/manifests/live-difference.ts';
import {
  isClusterWide,
  keyOf,
  nameOf,
  type ManifestObject,
} from '../../../toolkit/manifests/manifest-object.ts';
import { watchStuckPods } from './free-stuck-pods.ts';
import { resourceOf } from '../../../toolkit/manifests/resource-name.ts';

export interface VerifyRequest {
  readonly kubernetes: KubernetesPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly release: { readonly name: string; readonly namespace: string };
  /** Objects of the target's manifest. */
  readonly target: readonly ManifestObject[];
  /** Objects of every revision after the target. */
  readonly givenUp: readonly ManifestObject[];
  readonly timeoutMs: number;
  /** Whether a pod that blocks its StatefulSet may be deleted. */
  readonly allowPodDelete: boolean;
  readonly signal: AbortSignal;
}

/** How long it has to stay healthy before it counts, in ms. */
const stableMs = 2_000;

/** Takes out what the given-up revisions left, waits until all is healthy, and compares live objects with the target. */
export async function verifyRollback(request: VerifyRequest): Promise<void> {
  await removeLeftovers(request);
  await waitUntilHealthy(request);
  const differences = await compareWithLive(request);
  const [first] = differences;
  if (first === undefined) return;
  throw new UserError(
    'E_ROLLBACK_UNHEALTHY',
    `${request.release.name} is healthy, but ${differences.length} live fields differ from the target: ${first.field} is ${first.live} instead of ${first.wanted}`,
    'see who else writes these fields (`kubectl get -o yaml --show-managed-fields`), then roll back again',
  );
}

type HealthRequest = Omit<VerifyRequest, 'givenUp'>;

/** Waits for health of all objects; a pod that blocks its StatefulSet for ever ends the wait early. */
export async function waitUntilHealthy(request: HealthRequest): Promise<void> {
  const stop = new AbortController();
  const blocked = new AbortController();
  const namespaces = [request.release.namespace];
  const hasOrder = request.target.some(({ kind }) => kind === 'StatefulSet');
  const watching = hasOrder
    ? watchStuckPods({ ...request, namespaces }, stop.signal, blocked).catch(() => undefined)
    : Promise.resolve();
  try {
    await healthOf({ ...request, signal: AbortSignal.any([request.signal, blocked.signal]) });
  } finally {
    stop.abort();
    await watching;
  }
}

async function healthOf(request: HealthRequest): Promise<void> {
  const { kubernetes, clock, release, target, timeoutMs, signal, log } = request;
  const outcome = await watchHealth({
    kubernetes,
    clock,
    timeoutMs,
    stableMs: target.some(({ kind }) => watchedKinds.includes(kind)) ? stableMs : 0,
    signal,
    expected: target.map(({ kind, metadata }) => ({
      kind,
      name: metadata.name,
      namespace: metadata.namespace ?? release.namespace,
    })),
  });
  if (outcome.outcome === 'healthy') return;
  for (const { reason, logs, events } of await explain(kubernetes, outcome.reasons)) {
    log.info(`${reason.kind}/${reason.name}: ${reason.message}`);
    for (const line of [...events, ...logs.split('\n')]) log.raw(`  ${line}`);
  }
  const [reason] = outcome.reasons;
  throw new UserError(
    'E_ROLLBACK_UNHEALTHY',
    `${release.name} is rolled back and not healthy: ${reason === undefined ? outcome.outcome : `${reason.kind}/${reason.name}: ${reason.message} (${reason.code})`}`,
    `look at it: \`kubectl -n ${release.namespace} get pods\`, mend the cause, and run the rollback again`,
  );
}

/** Live fields that are not what the target's manifest makes of them. */
export async function compareWithLive(
  request: Pick<VerifyRequest, 'kubernetes' | 'release' | 'target'>,
): Promise<LiveDifference[]> {
  const { kubernetes, release, target } = request;
  if (target.length === 0) return [];
  const { namespace } = release;
  const [wouldBe, live, scaled] = await Promise.all([
    // Forced, for this writes nothing: who owns a field does not matter here, only what it would become.
    kubernetes.apply(target.map(withNamespace(namespace)), {
      fieldManager: 'gated-delivery-verify',
      namespace,
      force: true,
      dryRun: true,
    }),
    liveObjects(kubernetes, target, namespace),
    autoscaled(kubernetes, namespace),
  ]);
  return wouldBe.flatMap((object) => {
    const now = live.get(keyOf(object, namespace));
    if (now === undefined) {
      return [{ field: `${object.kind}/${object.metadata.name}`, wanted: 'to exist', live: 'missing' }];
    }
    const keepReplicas = scaled.has(`${object.kind}/${object.metadata.name}`);
    return liveDifferences(object, now, { keepReplicas });
  });
}

async function removeLeftovers(request: VerifyRequest): Promise<void> {
  const { kubernetes, target, givenUp, log } = request;
  const { namespace } = request.release;
  const others = new Map<string, ManifestObject[]>();
  for (const object of givenUp) {
    const key = keyOf(object, namespace);
    others.set(key, [...(others.get(key) ?? []), object]);
  }
  const shared = target.filter((object) => others.has(keyOf(object, namespace)));
  if (shared.length === 0) return;
  const live = await liveObjects(kubernetes, shared, namespace);
  for (const object of shared) {
    const key = keyOf(object, namespace);
    const now = live.get(key);
    const items = now === undefined ? [] : findLeftovers(others.get(key) ?? [], object, now);
    if (items.length === 0) continue;
    const names = items.map(({ field }) => field).join(', ');
    log.warning(`${nameOf(object)}: Helm left ${names} of a given-up revision in place: taken out`);
    const { name, namespace: own = namespace } = object.metadata;
    const place = isClusterWide(object.kind) ? {} : { namespace: own };
    await kubernetes.patch({ resource: resourceOf(object), name, ...place }, leftoverPatch(items), {
      type: 'json',
      fieldManager: 'gated-delivery',
    });
  }
}

/** The live forms of these objects by key, each read in the version its manifest uses. */
async function liveObjects(
  kubernetes: KubernetesPort,
  objects: readonly ManifestObject[],
  namespace: string,
): Promise<Map<string, KubernetesObject>> {
  const places = new Map<string, Set<string>>();
  for (const object of objects) {
    const place = isClusterWide(object.kind) ? '' : (object.metadata.namespace ?? namespace);
    places.set(place, (places.get(place) ?? new Set<string>()).add(resourceOf(object)));
  }
  const lists = await Promise.all(
    [...places].map(([place, resources]) =>
      kubernetes.list({ resources: [...resources], ...(place === '' ? {} : { namespace: place }) }),
    ),
  );
  return new Map(lists.flat().map((object) => [keyOf(object, namespace), object]));
}

/** `Deployment/api` of everything an autoscaler sizes. */
async function autoscaled(kubernetes: KubernetesPort, namespace: string): Promise<Set<string>> {
  const scalers = await kubernetes.list({ resources: ['horizontalpodautoscalers.autoscaling'], namespace });
  return new Set(
    scalers.map((scaler) => {
      const target = at(scaler.spec, 'scaleTargetRef');
      return `${text(at(target, 'kind'))}/${text(at(target, 'name'))}`;
    }),
  );
}

function withNamespace(namespace: string): (object: ManifestObject) => KubernetesObject {
  return (object) =>
    isClusterWide(object.kind) ? object : { ...object, metadata: { namespace, ...object.metadata } };
}
