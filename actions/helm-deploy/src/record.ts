import type { ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import { imagesOf, workloadsOf } from '../../../toolkit/ledger/live-workloads.ts';
import type { LedgerEntry, LedgerRelease, Phase } from '../../../toolkit/ledger/ledger.ts';
import { parseManifests } from '../../../toolkit/manifests/parse-manifests.ts';
import { newest, type Observed } from './observe.ts';
import type { ReleasePlan } from './plan.ts';
import { keyOfRelease } from './unit.ts';

export interface DeployFacts {
  readonly id: string;
  readonly now: string;
  readonly gitSha: string;
  readonly branch: string;
  readonly runUrl: string;
  readonly actor: string;
  readonly strategy: LedgerEntry['strategy'];
}

/** The entry as it is before anything changes. */
export function plannedEntry(facts: DeployFacts, releases: readonly ReleasePlan[]): LedgerEntry {
  const { id, now, ...rest } = facts;
  return {
    id,
    startedAt: now,
    updatedAt: now,
    ...rest,
    phase: 'applying',
    reason: '',
    releases: releases
      .filter(({ action }) => action !== 'absent')
      .map((release) => ({
        name: release.wanted.name,
        namespace: release.wanted.namespace,
        kind: release.wanted.kind,
        chart: release.wanted.chart,
        chartVersion: release.wanted.chartVersion,
        ...(release.action === 'unchanged' ? applied(release.current) : applied(undefined)),
        previousRevision: release.current?.revision ?? 0,
        images: [],
        workloads: [],
        phase: phaseBefore(release),
        needs: release.wanted.needs,
      })),
  };
}

function phaseBefore({ action, verified }: ReleasePlan): Phase {
  if (action !== 'unchanged') return 'applying';
  return verified ? 'verified' : 'deployed';
}

/** The releases with the revisions they have now; `phase` is for those that carry this deploy's change. */
export function observedReleases(
  releases: readonly LedgerRelease[],
  { revisions, resources }: Pick<Observed, 'revisions' | 'resources'>,
  phase: (release: LedgerRelease, revision: ReleaseRevision | undefined) => Phase,
  live: readonly KubernetesObject[] = [],
): LedgerRelease[] {
  return releases.map((release) => {
    const revision = newest(revisions.get(keyOfRelease(release)));
    const isNew = revision !== undefined && revision.revision > release.previousRevision;
    const isUnchanged = release.revision > 0 && release.revision === revision?.revision;
    const stored = parseManifests(revision?.manifest ?? '').map(({ kind, metadata }) => ({
      kind,
      name: metadata.name,
      namespace: metadata.namespace ?? release.namespace,
    }));
    const objects = resources.get(keyOfRelease(release)) ?? stored;
    return {
      ...release,
      ...(isNew || isUnchanged ? applied(revision) : {}),
      ...(revision === undefined ? {} : { chart: revision.chart, chartVersion: revision.chartVersion }),
      images: live.length === 0 ? release.images : imagesOf(objects, live),
      workloads: live.length === 0 ? release.workloads : workloadsOf(objects, live),
      phase: phase(release, revision),
    };
  });
}

function applied(
  revision: ReleaseRevision | undefined,
): Pick<LedgerRelease, 'revision' | 'manifestSha256' | 'valuesSha256'> {
  return {
    revision: revision?.revision ?? 0,
    manifestSha256: revision?.manifestSha256 ?? '',
    valuesSha256: revision?.valuesSha256 ?? '',
  };
}
