import { describeError } from '../../../toolkit/action/describe-error.ts';
import type { ActionPorts, Conclusion } from '../../../toolkit/action/run-action.ts';
import type { ResolvedEnvironment } from '../../../toolkit/environments/resolve-environment.ts';
import { ledgerName, type Ledger, type LedgerEntry } from '../../../toolkit/ledger/ledger.ts';
import type { Inputs } from './inputs.ts';
import type { Plan } from './plan.ts';
import { runningImages } from './running-images.ts';
import { rollbackPlanOf } from './rollback-plan.ts';
import { showEvidence, UnhealthyError } from './unhealthy.ts';
import { failureSummary, mappedSummary, removedSummary, skippedSummary, summary } from './summary.ts';

export interface DeployResult {
  readonly target: ResolvedEnvironment;
  readonly inputs: Pick<Inputs, 'strategy' | 'dryRun'>;
  readonly plan: Exclude<Plan, { decision: 'refuse' }>;
  /** Left out for a dry run. */
  readonly entry?: LedgerEntry;
  /** As it was before this deploy. */
  readonly ledger: Ledger;
}

const success: Conclusion = { conclusion: 'success' };

/** Sets the outputs and writes the summary of a deploy that went well. */
export async function report(ports: ActionPorts, result: DeployResult): Promise<Conclusion> {
  const { target, plan, entry, ledger } = result;
  const { outputs } = ports;
  setPlace(ports, target);
  outputs.set('deployed', entry !== undefined);
  outputs.set('changed', plan.decision === 'apply');
  outputs.set('mutated', plan.decision !== 'nothing' && entry !== undefined);
  outputs.set('verified', entry === undefined ? plan.decision === 'nothing' : entry.phase === 'verified');
  outputs.set('releases', JSON.stringify(releasesOf(entry, plan)));
  outputs.set('images', JSON.stringify(runningImages(ledger, entry, plan.releases)));
  outputs.set('rollback-plan', JSON.stringify(rollbackPlanOf(ledger, entry?.releases ?? [])));
  await ports.summary.write(summary(result, { sha: ports.github.sha }));
  ports.log.info(sentence(result));
  return success;
}

/** A branch that belongs to no environment: nothing to do, and that is said. */
export async function reportSkipped(ports: ActionPorts, reason: string): Promise<Conclusion> {
  for (const name of ['deployed', 'changed', 'mutated', 'verified']) ports.outputs.set(name, false);
  ports.log.notice(`not deployed: ${reason}`);
  await ports.summary.write(skippedSummary(reason));
  return success;
}

/** Previews that were removed, or would be in a dry run; with none, `otherwise` says why. */
export async function reportRemoved(
  ports: ActionPorts,
  namespaces: readonly string[],
  otherwise: string,
  dryRun: boolean,
): Promise<Conclusion> {
  for (const name of ['deployed', 'verified']) ports.outputs.set(name, false);
  ports.outputs.set('changed', namespaces.length > 0);
  ports.outputs.set('mutated', namespaces.length > 0 && !dryRun);
  ports.outputs.set('namespace', namespaces.join(','));
  await ports.summary.write(removedSummary(namespaces, otherwise, dryRun));
  ports.log.info(
    namespaces.length === 0
      ? otherwise
      : `${dryRun ? 'dry run: would remove' : 'removed'} ${namespaces.join(', ')}`,
  );
  return success;
}

/** A dry run without a cluster: where the branch goes, and nothing more. */
export async function reportMapped(ports: ActionPorts, target: ResolvedEnvironment): Promise<Conclusion> {
  setPlace(ports, target);
  for (const name of ['deployed', 'changed', 'mutated', 'verified']) ports.outputs.set(name, false);
  await ports.summary.write(mappedSummary(target));
  ports.log.info(`${target.branch} belongs to ${target.environment} (namespace ${target.namespace})`);
  return success;
}

/** What is known when a deploy failed; `mutated` was set before anything was applied. */
export async function reportFailure(
  ports: ActionPorts,
  target: ResolvedEnvironment,
  error: unknown,
): Promise<void> {
  setPlace(ports, target);
  ports.outputs.set('deployed', false);
  ports.outputs.set('verified', false);
  showEvidence(ports.log, error);
  const evidence = error instanceof UnhealthyError ? error.evidence : [];
  await ports.summary.write(failureSummary(target, describeError(error), evidence));
}

function setPlace({ outputs }: ActionPorts, { environment, namespace, url }: ResolvedEnvironment): void {
  outputs.set('environment', environment);
  outputs.set('namespace', namespace);
  outputs.set('url', url ?? '');
  outputs.set('ledger', `${namespace}/${ledgerName}`);
}

function releasesOf(entry: LedgerEntry | undefined, plan: DeployResult['plan']): unknown[] {
  const actions = new Map(
    plan.releases.map(({ wanted, action }) => [`${wanted.namespace}/${wanted.name}`, action]),
  );
  return (entry?.releases ?? []).map(
    ({ name, namespace, chart, chartVersion, revision, previousRevision, phase, manifestSha256 }) => ({
      name,
      namespace,
      chart,
      chartVersion,
      revision,
      previousRevision,
      phase,
      manifestSha256,
      action: actions.get(`${namespace}/${name}`) ?? '',
    }),
  );
}

function sentence({ target, plan, entry }: DeployResult): string {
  const where = `${target.environment} (namespace ${target.namespace})`;
  if (entry === undefined)
    return `dry run: ${where} would ${plan.decision === 'apply' ? 'change' : 'stay as it is'}`;
  if (plan.decision === 'apply') return `deployed to ${where}: ${entry.phase}`;
  return `nothing changed in ${where}: ${entry.phase}`;
}
