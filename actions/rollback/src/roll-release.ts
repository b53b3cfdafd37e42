import { ToolError, UserError } from '../../../toolkit/action/errors.ts';
import type { ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import { failedHook } from '../../../toolkit/health/failed-hook.ts';
import { isPending } from '../../../toolkit/helm/release-secret.ts';
import { nameOf } from '../../../toolkit/manifests/manifest-object.ts';
import { parseManifests } from '../../../toolkit/manifests/parse-manifests.ts';
import { boundary } from './boundary.ts';
import { readHistory } from './histories.ts';
import { historyOf, manifestOf } from './observe.ts';
import type { Step } from './plan.ts';
import { rollApplication } from './roll-application.ts';
import { rollBundle } from './roll-bundle.ts';
import { remainingWorkloads, undoWorkloads } from './undo-workloads.ts';
import { verifyRollback, waitUntilHealthy } from './verify.ts';
import type { Work } from './work.ts';

/** Takes one release back and proves it. Returns the revision it is at then. */
export function rollRelease(work: Work, step: Step): Promise<ReleaseRevision> {
  switch (work.inputs.mode) {
    case 'helm':
      return rollWhole(work, step);
    case 'workloads':
      return rollWorkloads(work, step);
  }
}

/** The workloads alone: Helm's record stays as it is and no longer tells what runs. */
async function rollWorkloads(work: Work, step: Step): Promise<ReleaseRevision> {
  const { cluster, ports, inputs, signal } = work;
  const { name, namespace } = step.release;
  const { kubernetes } = cluster;
  signal.throwIfAborted();
  const undone = await undoWorkloads({ kubernetes, log: ports.log }, work.ledger, step);
  boundary('rolled', ports.env);
  const history = historyOf(work.histories, step.release);
  const names = new Set(undone.map((workload) => `${workload.kind}/${workload.name}`));
  await waitUntilHealthy({
    ...cluster,
    clock: ports.clock,
    log: ports.log,
    release: step.release,
    target: manifestOf(history, step.target.from.revision).filter((object) => names.has(nameOf(object))),
    timeoutMs: inputs.timeoutMs,
    allowPodDelete: inputs.allowPodDelete,
    signal,
  });
  const [other] = await remainingWorkloads(kubernetes, namespace, undone);
  if (other !== undefined) {
    throw new UserError(
      'E_ROLLBACK_UNHEALTHY',
      `${other.kind}/${other.name} of ${name} went on to another template than ${other.template}`,
      'look who else changes it, and run the rollback again',
    );
  }
  boundary('verified', ports.env);
  const current = (await cluster.helm.history(name, namespace)).at(-1);
  if (current === undefined) throw new Error(`${name} has no revision`);
  return current;
}

async function rollWhole(work: Work, step: Step): Promise<ReleaseRevision> {
  const { cluster, ports, inputs, signal } = work;
  const { name, namespace } = step.release;
  const { from, to } = step.target;
  const history = historyOf(work.histories, step.release);
  ports.log.info(`${name}: revision ${from.revision} → the manifest of revision ${to.revision}`);
  signal.throwIfAborted();
  if (!step.target.isApplied) await applyTarget(work, step, history);
  boundary('rolled', ports.env);

  await verifyRollback({
    kubernetes: cluster.kubernetes,
    clock: ports.clock,
    log: ports.log,
    release: step.release,
    target: manifestOf(history, to.revision),
    givenUp: history
      .filter(
        ({ revision, manifestSha256 }) => revision > to.revision && manifestSha256 !== to.manifestSha256,
      )
      .flatMap(({ manifest }) => parseManifests(manifest)),
    timeoutMs: inputs.timeoutMs,
    allowPodDelete: inputs.allowPodDelete,
    signal,
  });
  boundary('verified', ports.env);

  const current = (await readHistory(cluster, step.release)).at(-1);
  if (current?.status !== 'deployed' || current.manifestSha256 !== to.manifestSha256) {
    throw new UserError(
      'E_ROLLBACK_UNHEALTHY',
      `${name} is at revision ${current?.revision ?? 0} (${current?.status ?? 'gone'}), whose manifest is not that of revision ${to.revision}`,
      `look who else deploys ${name} to ${namespace}, and run the rollback again`,
    );
  }
  ports.log.info(
    `${name}: revision ${current.revision} is healthy, and its live objects are those of revision ${to.revision}`,
  );
  return current;
}

/** Goes back by the unit's own means. */
async function applyTarget(work: Work, step: Step, history: readonly ReleaseRevision[]): Promise<void> {
  const { ports, cluster, inputs, plan, signal } = work;
  const { kubernetes } = cluster;
  const { clock, log } = ports;
  switch (step.release.kind) {
    case 'helm':
      return helmRollback(work, step, history);
    case 'kustomize': {
      const target = history.find(({ revision }) => revision === step.target.to.revision);
      if (target === undefined) throw new Error(`bundle ${step.target.to.revision} is gone`);
      return rollBundle(kubernetes, history, target, new Date(clock.now()).toISOString());
    }
    case 'argocd': {
      const { revision } = step.target.to;
      const { pauseAutoSync, timeoutMs } = inputs;
      const about = { ...step.release, revision, reason: plan.reason };
      return rollApplication({ kubernetes, clock, log, ...about, pauseAutoSync, timeoutMs, signal });
    }
  }
}

async function helmRollback(work: Work, step: Step, history: readonly ReleaseRevision[]): Promise<void> {
  const { name, namespace } = step.release;
  const { to } = step.target;
  await work.cluster.helm
    .rollback({
      release: name,
      namespace,
      revision: to.revision,
      timeoutMs: work.inputs.timeoutMs,
      // Nothing is pruned by going back: the next rollback may need it.
      historyMax: history.length + 10,
      // The health verdict here is faster and tells more; only hooks that come after need Helm itself to wait.
      wait: hasHook(history, to.revision, 'post-rollback'),
      force: false,
      signal: work.signal,
    })
    .catch((error: unknown) => afterHelm(work, step, error));
}

/** Helm did not get there: what it left pending is made failed, so that the next attempt can work, and hooks are shown. */
async function afterHelm(work: Work, step: Step, error: unknown): Promise<never> {
  const { cluster, ports } = work;
  const { name, namespace } = step.release;
  // With the lock lost someone else may be at work here: what is pending is theirs then.
  if (work.signal.aborted && !ports.signal.aborted) throw error;
  const current = (await cluster.helm.history(name, namespace)).at(-1);
  if (current !== undefined && isPending(current.status)) {
    await cluster.helm.markFailed(current, `Rollback to ${step.target.to.revision} did not end`);
  }
  const hooks = historyOf(work.histories, step.release).find(
    ({ revision }) => revision === step.target.to.revision,
  )?.hooks;
  // Helm 3 and 4 word it each in their own way; the Job itself says whether it was the hook.
  const failed = work.signal.aborted
    ? undefined
    : await failedHook(cluster.kubernetes, namespace, hooks ?? [], ['rollback']);
  if (failed === undefined || !(error instanceof ToolError)) throw error;
  for (const line of failed.lines) ports.log.raw(line);
  throw new UserError(
    'E_ROLLBACK_HOOK',
    `the rollback hook Job/${failed.name} of ${name} ${failed.why}`,
    'read its log above, mend what it complains about, and run the rollback again: it goes on from here',
    { cause: error },
  );
}

function hasHook(history: readonly ReleaseRevision[], revision: number, event: string): boolean {
  const hooks = history.find((candidate) => candidate.revision === revision)?.hooks ?? [];
  return hooks.some(({ events }) => events.includes(event));
}
