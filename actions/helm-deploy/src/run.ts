import { join } from 'node:path';
import { describeError } from '../../../toolkit/action/describe-error.ts';
import type { ActionPorts, Conclusion } from '../../../toolkit/action/run-action.ts';
import { accessFor } from '../../../toolkit/cluster/object-access.ts';
import { reach, requireAccess } from '../../../toolkit/cluster/preflight.ts';
import { runLookup } from '../../../toolkit/cluster/run-in-progress.ts';
import { withLocks } from '../../../toolkit/cluster/with-locks.ts';
import { loadEnvironments } from '../../../toolkit/environments/load-environments.ts';
import type { ResolvedEnvironment } from '../../../toolkit/environments/resolve-environment.ts';
import { unstick } from '../../../toolkit/helm/unstick.ts';
import { withoutBaseline } from './baseline.ts';
import { boundary } from './boundary.ts';
import { checkFiles } from './check-files.ts';
import { openDeployCluster, type Cluster } from './cluster.ts';
import { setCommitStatus } from './commit-status.ts';
import { carryOut, refusal } from './deploy.ts';
import { requireReviewers } from './gate.ts';
import { asDeployment } from './github-deployment.ts';
import { githubOf } from './github-of.ts';
import { readInputs, type Inputs } from './inputs.ts';
import { leftUnverified } from './left-unverified.ts';
import { lookAround } from './look-around.ts';
import { ensureNamespace, namespaceAccess, type NamespaceNeed } from './namespaces.ts';
import { namespacesOf, observe, ours, type Observed } from './observe.ts';
import { planDeploy, type Plan } from './plan.ts';
import { endsPreview, sweepPreviews, tearDown } from './previews.ts';
import { reachesCluster } from './reaches-cluster.ts';
import { refuseTooBig } from './release-size.ts';
import { report, reportFailure, reportMapped, reportRemoved, reportSkipped } from './report.ts';
import { resolveTarget } from './target.ts';
import type { Rendered, WantedRelease } from './unit.ts';

/** Deploys the commit to the environment its branch belongs to. */
export async function run(ports: ActionPorts): Promise<Conclusion> {
  const inputs = readInputs(ports.inputs);
  const entries = (await loadEnvironments(inputs.environments, ports.github.workspace)) ?? [];
  if (inputs.previewSweep) return sweep(ports, inputs);
  const target = resolveTarget({ ...inputs, entries, github: ports.github });
  if (target.kind === 'unmapped') return reportSkipped(ports, target.reason);
  if (endsPreview(ports.github)) return endPreview(ports, inputs, target);

  if (inputs.dryRun && !reachesCluster(ports.env, inputs)) return reportMapped(ports, target);
  const environments = entries.map(({ environment }) => environment);
  checkFiles(ports.github.workspace, inputs, target, environments);
  const github = githubOf(ports, inputs.githubToken);
  if (target.gate === 'required' && !inputs.dryRun) await requireReviewers(github, target.environment);

  const cluster = await openDeployCluster(ports, inputs);
  try {
    await reach(cluster.kubernetes);
    boundary('opened', ports.env);
    const strategy = await withoutBaseline(ports, inputs, cluster.ledger, target);
    const body = (): Promise<Conclusion> => deploy(ports, strategy, cluster, target);
    // A canary is not the environment yet: its promotion is the deployment.
    const isDeployment = inputs.githubDeployment && strategy.strategy !== 'canary' && !inputs.dryRun;
    const conclusion =
      isDeployment && github !== undefined ? await asDeployment(ports, github, target, body) : await body();
    boundary('unlocked', ports.env);
    if (!inputs.dryRun)
      await setCommitStatus(ports, github, target, { state: 'success', description: 'deployed' });
    ports.state.save('finished', 'true');
    return conclusion;
  } catch (error) {
    await reportFailure(ports, target, error);
    const { title } = describeError(error);
    await setCommitStatus(ports, github, target, { state: 'failure', description: `${title}: see the run` });
    throw error;
  }
}

async function sweep(ports: ActionPorts, inputs: Inputs): Promise<Conclusion> {
  const cluster = await openDeployCluster(ports, inputs);
  await reach(cluster.kubernetes);
  const swept = await sweepPreviews(ports, cluster, inputs.lockTimeoutMs, inputs.dryRun);
  return reportRemoved(ports, swept, 'no preview is over its time', inputs.dryRun);
}

async function endPreview(
  ports: ActionPorts,
  inputs: Inputs,
  target: ResolvedEnvironment,
): Promise<Conclusion> {
  if (!target.preview) return reportSkipped(ports, `${target.environment} is no preview: nothing to remove`);
  const cluster = await openDeployCluster(ports, inputs);
  await reach(cluster.kubernetes);
  const { namespace, branch, slug } = target;
  const identity = { repository: ports.github.repository, branch, slug };
  const outcome = await tearDown(ports, cluster, namespace, identity, inputs.lockTimeoutMs, inputs);
  return reportRemoved(
    ports,
    outcome === 'removed' ? [namespace] : [],
    `${namespace} is gone already`,
    inputs.dryRun,
  );
}

async function deploy(
  ports: ActionPorts,
  inputs: Inputs,
  cluster: Cluster,
  target: ResolvedEnvironment,
): Promise<Conclusion> {
  const unit = cluster.unit(target, inputs);
  const { wanted, observed: before } = await lookAround(ports, cluster, target, unit);
  const namespaces = namespacesOf(target, wanted);
  const needs = namespaces.map((name) => need(ports, target, name));
  const existing = new Set(before.revisions.keys());
  const [rendered] = await Promise.all([
    unit.render(
      wanted.filter(({ installed }) => installed),
      existing,
      ports.signal,
    ),
    namespaceAccess(cluster.kubernetes, needs).then((asked) => requireAccess(cluster.kubernetes, asked)),
  ]);
  const fetchChart = async ({ name, namespace, chart, chartVersion: version }: WantedRelease) => {
    const into = join(cluster.folder.path, `chart-${namespace}-${name}`);
    return cluster.helm.pull({ chart, version, into, signal: ports.signal }).catch(() => undefined);
  };
  await refuseTooBig(ports.github.workspace, inputs.unit, wanted, rendered, fetchChart);
  boundary('rendered', ports.env);
  const plan = (observed: Observed): Plan => decide(ports, inputs, target, wanted, rendered, observed);

  const first = plan(before);
  if (first.decision === 'refuse') throw refusal(first);
  if (inputs.dryRun) return report(ports, { target, inputs, plan: first, ledger: before.ledger });

  for (const needed of needs) await ensureNamespace(cluster.kubernetes, needed);
  boundary('namespace-ready', ports.env);

  const waiting = { waitMs: inputs.lockTimeoutMs, isInProgress: runLookup(ports, inputs.githubToken) };
  return withLocks(ports, cluster, namespaces, waiting, async (signal) => {
    boundary('locked', ports.env);
    const [found] = await Promise.all([
      observe(cluster, target, wanted),
      requireAccess(cluster.kubernetes, accessFor(first.releases.flatMap(({ changes }) => changes))),
    ]);
    const mended = await unstick(cluster.helm, ours(found, wanted), 'left pending by a run that died');
    for (const { name, revision } of mended)
      ports.log.notice(`release ${name} revision ${revision} was stuck and is now marked failed`);
    boundary('unstuck', ports.env);
    const observed = mended.length === 0 ? found : await observe(cluster, target, wanted);
    const decided = plan(observed);
    // What an earlier attempt left in place is this run's to take back, also when nothing is left to apply.
    if (decided.decision === 'verify' || leftUnverified(observed.ledger, ports.github.sha))
      ports.outputs.set('mutated', true);
    if (decided.decision === 'refuse') throw refusal(decided);
    const entry = await carryOut({ ports, inputs, cluster, target, unit, wanted, signal }, decided);
    return report(ports, { target, inputs, plan: decided, entry, ledger: observed.ledger });
  });
}

function decide(
  ports: ActionPorts,
  inputs: Inputs,
  target: ResolvedEnvironment,
  wanted: readonly WantedRelease[],
  rendered: readonly Rendered[],
  { ledger, revisions }: Observed,
): Plan {
  return planDeploy({
    ...target,
    ...inputs,
    ...target,
    gitSha: ports.github.sha,
    wanted,
    rendered,
    revisions,
    ledger,
  });
}

function need(ports: ActionPorts, target: ResolvedEnvironment, name: string): NamespaceNeed {
  if (!target.preview || name !== target.namespace) return { name };
  const identity = { repository: ports.github.repository, branch: target.branch, slug: target.slug };
  const expiresAt = target.ttlMs === undefined ? undefined : ports.clock.now() + target.ttlMs;
  return { name, preview: { identity, expiresAt } };
}
