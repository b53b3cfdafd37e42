import type { ActionPorts, Conclusion } from '../../../toolkit/action/run-action.ts';
import { openCluster } from '../../../toolkit/cluster/open-cluster.ts';
import { loadEnvironments } from '../../../toolkit/environments/load-environments.ts';
import { boundary } from './boundary.ts';
import { asError, type Result } from './conclude.ts';
import { readInputs } from './inputs.ts';
import { lookAround } from './look-around.ts';
import { locate } from './place.ts';
import { failedReport, report } from './report.ts';
import { preview } from './preview.ts';
import { rollBack } from './roll-back.ts';
import type { Session } from './session.ts';

/** The story: read, find the place, open the cluster, preview or roll back, report. */
export async function run(ports: ActionPorts): Promise<Conclusion> {
  const inputs = readInputs(ports.inputs);
  const entries = await loadEnvironments(inputs.environments, ports.github.workspace);
  const place = locate(inputs, entries, ports.github);
  const reason = inputs.reason === '' ? defaultReason(place.isManual, ports.github.actor) : inputs.reason;
  const result = await attempt({ ports, inputs, place, reason });
  await report(ports, result.report);
  if (result.error !== undefined) throw result.error;
  ports.state.save('finished', 'true');
  return { conclusion: 'success' };
}

async function attempt(request: Omit<Session, 'cluster'>): Promise<Result> {
  const { ports, inputs, place } = request;
  try {
    const cluster = await openCluster(ports, inputs);
    const seen = await lookAround(cluster, place, inputs);
    boundary('opened', ports.env);
    const session = { ...request, cluster };
    return await (place.isDryRun ? preview(session, seen) : rollBack(session, seen));
  } catch (error) {
    return { report: failedReport(request, error, []), error: asError(error) };
  }
}

function defaultReason(isManual: boolean, actor: string): string {
  return isManual ? `asked for by ${actor}` : 'the deploy of this run was not verified';
}
