import { UserError } from '../../../toolkit/action/errors.ts';
import { applications } from '../../../toolkit/argocd/application.ts';
import type { ClusterPorts } from '../../../toolkit/cluster/open-cluster.ts';
import type { ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import type { KubernetesObject, KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { bundlesFrom, objectsOf } from '../../../toolkit/kustomize/at-stake.ts';
import { recordOf } from '../../../toolkit/ledger/ledger-edit.ts';
import type { Ledger } from '../../../toolkit/ledger/ledger.ts';
import { immutableFields } from '../../../toolkit/manifests/immutable-fields.ts';
import type { ManifestObject } from '../../../toolkit/manifests/manifest-object.ts';
import { keyOf } from '../../../toolkit/manifests/manifest-object.ts';
import { migrationsBetween } from '../../../toolkit/manifests/migrations.ts';
import { parseManifests } from '../../../toolkit/manifests/parse-manifests.ts';
import { holdsOnlyData } from '../../../toolkit/manifests/pod-templates.ts';
import { isKept } from '../../../toolkit/manifests/removed-objects.ts';
import { resourceOf } from '../../../toolkit/manifests/resource-name.ts';
import type { ObjectRef, Risk } from '../../../toolkit/manifests/risk.ts';
import { scanRisks } from '../../../toolkit/manifests/scan-risks.ts';
import { removedApis, storedVersionsLost } from '../../../toolkit/manifests/server-risks.ts';
import { liveWorkloads, withRecordedImages } from './application-objects.ts';
import { readHistory, type Histories } from './histories.ts';
import type { Inputs } from './inputs.ts';
import type { Candidate } from './plan.ts';
import { resolveScope, type Scope, type ScopedRelease } from './scope.ts';
import { chooseTarget, type Revision } from './target.ts';

export interface Observation {
  readonly ledger: Ledger;
  readonly scope: Scope;
  /** `namespace/name` → stored revisions, oldest first. */
  readonly histories: Histories;
}

/** Ledger and release history: what the choice of targets needs. */
export async function observe(
  cluster: Pick<ClusterPorts, 'ledger' | 'helm' | 'kubernetes'>,
  place: { readonly environment: string; readonly namespace: string },
  inputs: Pick<Inputs, 'releases' | 'deploy'>,
): Promise<Observation> {
  const [{ ledger }, own] = await Promise.all([
    cluster.ledger.read(place.namespace, place.environment),
    cluster.helm.releases(place.namespace),
  ]);
  // A namespace given by hand under another environment's name would pass that one's gate.
  if (ledger.environment !== place.environment) {
    throw new UserError(
      'E_CONFIG',
      `namespace ${place.namespace} belongs to environment ${ledger.environment}, and not to ${place.environment}`,
      `set \`environment: ${ledger.environment}\`, or the namespace that is meant`,
    );
  }
  const scope = resolveScope(ledger, inputs.releases, place.namespace, inputs.deploy);
  const histories = new Map<string, readonly ReleaseRevision[]>(
    [...own].map(([name, revisions]) => [`${place.namespace}/${name}`, revisions]),
  );
  for (const unit of scope.kind === 'scope' ? scope.releases : []) {
    const isKnown = unit.kind === 'helm' && unit.namespace === place.namespace;
    if (!isKnown) histories.set(`${unit.namespace}/${unit.name}`, await readHistory(cluster, unit));
  }
  return { ledger, scope, histories };
}

/** Target and risks of each release in scope. */
export async function weigh(
  kubernetes: KubernetesPort,
  { ledger, histories }: Observation,
  releases: readonly ScopedRelease[],
  inputs: Pick<Inputs, 'revision' | 'allowUnverified'>,
): Promise<readonly Candidate[]> {
  const chosen = releases.map((release) => {
    const history = historyOf(histories, release);
    const { name, namespace } = release;
    const { revision, allowUnverified } = inputs;
    const revisionBefore = release.record?.previousRevision;
    const isUnfinished = isBegun(ledger, release);
    return {
      release,
      history,
      target: chooseTarget({
        name,
        namespace,
        history,
        ledger,
        revisionBefore,
        revision,
        allowUnverified,
        isUnfinished,
      }),
    };
  });
  const server = chosen.some(({ target }) => target.kind === 'roll') ? await kubernetes.apiResources() : [];
  return Promise.all(
    chosen.map(async ({ release, history, target }): Promise<Candidate> => {
      const previous = release.record?.previousRevision;
      const isGone = history.length === 0;
      const isNew = !isGone && (previous === 0 || history.length === 1);
      if (target.kind !== 'roll' || target.isApplied)
        return { release, target, risks: [], holdsOnlyData: false, isNew, isGone };
      const { current, wanted } = await bothSides(kubernetes, ledger, release, target, history);
      const definitions = wanted.some(({ kind }) => kind === 'CustomResourceDefinition')
        ? await kubernetes.list({ resources: ['customresourcedefinitions.apiextensions.k8s.io'] })
        : [];
      const risks = [
        ...(await confirmed(
          kubernetes,
          scanRisks(current, wanted, release.namespace),
          wanted,
          release.namespace,
        )),
        ...removedApis(wanted, server),
        ...storedVersionsLost(wanted, definitions),
        ...migrationsBetween(history, target.to.revision, target.from.revision),
      ];
      return { release, target, risks, holdsOnlyData: holdsOnlyData(current), isNew, isGone };
    }),
  );
}

/** The objects that are there, and those of the target. Of an Application they are known by their images alone. */
async function bothSides(
  kubernetes: KubernetesPort,
  ledger: Ledger,
  { name, namespace, kind }: ScopedRelease,
  { from, to }: { readonly from: Revision; readonly to: Revision },
  history: readonly ReleaseRevision[],
): Promise<{ readonly current: readonly ManifestObject[]; readonly wanted: readonly ManifestObject[] }> {
  const wanted = manifestOf(history, to.revision);
  // Whatever may be pruned is weighed, in the newest form: a later bundle may have been applied in part.
  if (kind === 'kustomize') {
    const later = bundlesFrom(history, to.revision + 1).toReversed();
    return { current: objectsOf(later, namespace), wanted };
  }
  if (kind !== 'argocd') return { current: manifestOf(history, from.revision), wanted };
  const application = await kubernetes.get({ resource: applications, name, namespace });
  const current = await liveWorkloads(kubernetes, application);
  const record = recordOf(ledger, {
    name,
    namespace,
    revision: to.revision,
    manifestSha256: to.manifestSha256,
  });
  return { current, wanted: withRecordedImages(current, record?.images ?? []) };
}

/** An open plan has a step for this release that was begun and is not done. */
function isBegun(ledger: Ledger, { name, namespace }: ScopedRelease): boolean {
  return ledger.plans.some(
    ({ state, steps }) =>
      state === 'open' &&
      steps.some(
        (step) =>
          step.release === name &&
          step.namespace === namespace &&
          (step.state === 'doing' || step.state === 'failed'),
      ),
  );
}

export function historyOf(
  histories: Histories,
  release: { name: string; namespace: string },
): readonly ReleaseRevision[] {
  return histories.get(`${release.namespace}/${release.name}`) ?? [];
}

/** Objects of a stored revision; `[]` when it is not there. */
export function manifestOf(history: readonly ReleaseRevision[], revision: number): ManifestObject[] {
  return parseManifests(history.find((candidate) => candidate.revision === revision)?.manifest ?? '');
}

/**
 * Risks that the cluster bears out: a failed upgrade may never have made the claim that its manifest names, or never
 * have changed the field that cannot change. Whether an object is kept is what its live annotation says.
 */
async function confirmed(
  kubernetes: KubernetesPort,
  risks: readonly Risk[],
  wanted: readonly ManifestObject[],
  namespace: string,
): Promise<Risk[]> {
  const checked = await Promise.all(
    risks.map(async (risk) => {
      if (risk.kind !== 'data-loss' && risk.kind !== 'sts-immutable' && risk.kind !== 'immutable-field')
        return risk;
      const live = await getLive(kubernetes, risk.ref, namespace);
      if (live === undefined) return undefined;
      if (risk.kind === 'data-loss') return isKept(live) ? undefined : risk;
      const after = wanted.find((object) => keyOf(object, namespace) === keyOf(live, namespace));
      const stillThere =
        after === undefined || immutableFields(live, after).some(({ field }) => field === risk.field);
      return stillThere ? risk : undefined;
    }),
  );
  return checked.filter((risk) => risk !== undefined);
}

export function getLive(
  kubernetes: KubernetesPort,
  ref: ObjectRef,
  namespace: string,
): Promise<KubernetesObject | undefined> {
  return kubernetes.get({ resource: resourceOf(ref), name: ref.name, namespace: ref.namespace ?? namespace });
}
