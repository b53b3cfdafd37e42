import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { runUrlOf } from '../../../toolkit/action/github-context.ts';
import { unstick } from '../../../toolkit/helm/unstick.ts';
import { UserError } from '../../../toolkit/action/errors.ts';
import type { ResolvedEnvironment } from '../../../toolkit/environments/resolve-environment.ts';
import { watchedResources } from '../../../toolkit/health/judge-health.ts';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import { putEntry } from '../../../toolkit/ledger/ledger-edit.ts';
import type { Ledger, LedgerEntry } from '../../../toolkit/ledger/ledger.ts';
import { applyWatched, type Earlier } from './apply.ts';
import { awaitHealth } from './await-health.ts';
import { boundary } from './boundary.ts';
import { clearLeftovers } from './clear-leftovers.ts';
import { closeAbandoned } from './close-abandoned.ts';
import type { Cluster } from './cluster.ts';
import type { Inputs } from './inputs.ts';
import { helmReleases, observe, ours, type Observed } from './observe.ts';
import type { Plan } from './plan.ts';
import { requireProved } from './proved-images.ts';
import { observedReleases, plannedEntry } from './record.ts';
import type { DeployUnit, WantedRelease } from './unit.ts';

export interface Deployment {
  readonly ports: ActionPorts;
  readonly inputs: Inputs;
  readonly cluster: Cluster;
  readonly target: ResolvedEnvironment;
  readonly unit: DeployUnit;
  readonly wanted: readonly WantedRelease[];
  readonly signal: AbortSignal;
}

type ActivePlan = Exclude<Plan, { decision: 'refuse' }>;

/** Records, applies, waits for health and records again; the entry as the ledger has it in the end. */
export async function carryOut(deployment: Deployment, plan: ActivePlan): Promise<LedgerEntry> {
  const { ports, inputs, cluster, target } = deployment;
  const entry = plannedEntry(
    {
      id: entryId(ports),
      now: isoNow(ports),
      gitSha: ports.github.sha,
      branch: target.branch,
      runUrl: runUrlOf(ports.github),
      actor: ports.github.actor,
      strategy: inputs.strategy,
    },
    plan.releases,
  );
  // A finished deploy that is looked at again needs no record of its own.
  const isRecorded = plan.decision !== 'nothing';
  const before = plan.decision === 'apply' ? uidsIn(deployment) : undefined;
  if (isRecorded) {
    ports.state.save('releases', JSON.stringify(helmReleases(deployment.wanted)));
    ports.state.save(
      'entry',
      JSON.stringify({ id: entry.id, namespace: target.namespace, environment: target.environment }),
    );
    await update(deployment, (ledger) => putEntry(closeAbandoned(ledger, isoNow(ports)), entry));
  }
  boundary('planned', ports.env);
  try {
    if (plan.decision === 'apply') await apply(deployment, plan, (await before) ?? new Set());
    boundary('applied', ports.env);
    const observed = await observe(cluster, target, deployment.wanted);
    const live = await beside(
      deployment.signal,
      (signal) => awaitHealth({ ...deployment, signal }, observed),
      async () => {
        if (isRecorded) await record(deployment, entry, observed, 'applying');
        boundary('recorded', ports.env);
      },
    );
    boundary('healthy', ports.env);
    const running = observedReleases(entry.releases, observed, ({ phase }) => phase, live);
    requireProved(
      inputs.provedImages,
      running.flatMap(({ images }) => images),
    );
    if (!isRecorded) return { ...entry, phase: 'verified' };
    const phase = inputs.strategy === 'canary' ? 'deployed' : 'verified';
    const done = await record(deployment, entry, observed, phase, live);
    boundary('verified', ports.env);
    return done;
  } catch (error) {
    if (isRecorded) await recordFailure(deployment, entry, error);
    throw error;
  }
}

/** Does `work` while `waiting` goes on; when one of them fails the other one ends too. */
async function beside<T>(
  signal: AbortSignal,
  waiting: (signal: AbortSignal) => Promise<T>,
  work: () => Promise<void>,
): Promise<T> {
  const stop = new AbortController();
  const [result] = await Promise.all([
    waiting(AbortSignal.any([signal, stop.signal])),
    work().catch((error: unknown) => {
      stop.abort(error);
      throw error;
    }),
  ]);
  return result;
}

/** What is there before anything is applied; what cannot be listed is not there. */
async function uidsIn({ cluster, wanted }: Deployment): Promise<ReadonlySet<string | undefined>> {
  const namespaces = [...new Set(wanted.map(({ namespace }) => namespace))];
  const resources = watchedResources;
  const lists = await Promise.all(
    namespaces.map((namespace) => cluster.kubernetes.list({ resources, namespace }).catch(() => [])),
  );
  return new Set(lists.flat().map(({ metadata }) => metadata.uid));
}

async function apply(
  { ports, inputs, cluster, unit, signal }: Deployment,
  plan: ActivePlan,
  before: Earlier['before'],
): Promise<void> {
  ports.outputs.set('mutated', true);
  const changing = plan.releases.filter(({ action }) => action !== 'unchanged' && action !== 'absent');
  for (const release of changing) {
    const cleared = await clearLeftovers(cluster.kubernetes, release);
    if (cleared.length > 0)
      ports.log.notice(`left behind by failed upgrades and removed: ${cleared.join(', ')}`);
  }
  const expected = changing.flatMap(({ wanted, changes }) =>
    changes
      .filter(({ change }) => change !== 'removed')
      .map(({ object }) => {
        const [kind = '', name = ''] = object.split('/');
        return { kind, name, namespace: wanted.namespace };
      }),
  );
  const request = {
    releases: changing.map(({ wanted }) => wanted),
    hooks: changing.map(({ wanted: { name, namespace }, hooks }) => ({ name, namespace, hooks })),
    timeoutMs: inputs.timeoutMs,
    description: runUrlOf(ports.github) || `deploy of ${ports.github.sha}`,
    force: inputs.force,
    signal,
  };
  await applyWatched(ports, cluster.kubernetes, unit, request, { expected, before });
}

/** Writes what the releases are now. Those that were verified and did not change stay verified. */
async function record(
  deployment: Deployment,
  entry: LedgerEntry,
  observed: Observed,
  phase: 'applying' | 'deployed' | 'verified',
  live: readonly KubernetesObject[] = [],
): Promise<LedgerEntry> {
  const releases = observedReleases(
    entry.releases,
    observed,
    (release) => (release.phase === 'verified' ? 'verified' : phase),
    live,
  );
  const done: LedgerEntry = { ...entry, phase, releases, updatedAt: isoNow(deployment.ports) };
  await update(deployment, (ledger) => putEntry(ledger, done));
  return done;
}

/** After a failure or a cancel: pending releases become failed ones, and the ledger says what happened. */
async function recordFailure(deployment: Deployment, entry: LedgerEntry, error: unknown): Promise<void> {
  const { ports, cluster, target, wanted, signal } = deployment;
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  // With the lock lost someone else may be at work here: only they may write now.
  if (signal.aborted && !ports.signal.aborted) return;
  try {
    const observed = await observe(cluster, target, wanted);
    await unstick(cluster.helm, ours(observed, wanted), `interrupted: ${reason.slice(0, 200)}`).catch(
      // The next run does it before anything else; that this one failed is still to be recorded.
      (stuck: unknown) => {
        ports.log.warning(
          `a release is left pending: ${stuck instanceof Error ? stuck.message : String(stuck)}`,
        );
      },
    );
    const releases = observedReleases(entry.releases, observed, (release, revision) => {
      if (release.phase !== 'applying') return release.phase;
      const isNew = revision !== undefined && revision.revision > release.previousRevision;
      return isNew && revision.status === 'deployed' ? 'deployed' : 'failed';
    });
    const failed: LedgerEntry = {
      ...entry,
      phase: 'failed',
      reason: reason.slice(0, 500),
      releases,
      updatedAt: isoNow(ports),
    };
    await update(deployment, (ledger) => putEntry(ledger, failed));
  } catch (second) {
    ports.log.warning(
      `the failure could not be recorded: ${second instanceof Error ? second.message : String(second)}`,
    );
  }
}

function update({ cluster, target }: Deployment, change: (ledger: Ledger) => Ledger): Promise<Ledger> {
  return cluster.ledger.update(target.namespace, target.environment, change);
}

function entryId({ github, clock }: ActionPorts): string {
  return [github.runId || 'local', github.runAttempt, github.job || 'job', clock.now()].join('-');
}

function isoNow({ clock }: ActionPorts): string {
  return new Date(clock.now()).toISOString();
}

export function refusal(plan: Extract<Plan, { decision: 'refuse' }>): UserError {
  return new UserError(plan.code, plan.message, plan.hint);
}
