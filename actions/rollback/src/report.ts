import { describeError } from '../../../toolkit/action/describe-error.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { diffManifests } from '../../../toolkit/manifests/diff-manifests.ts';
import type { Histories } from './histories.ts';
import { historyOf, manifestOf } from './observe.ts';
import type { Place } from './place.ts';
import type { Step } from './plan.ts';
import { renderSummary, type Row, type RollbackReport } from './summary.ts';

/** Sets every output and writes the summary; called once on each way out. */
export async function report(ports: ActionPorts, result: RollbackReport): Promise<void> {
  const { outputs } = ports;
  const named = (state: Row['state']): string =>
    JSON.stringify(result.rows.filter((row) => row.state === state).map(({ release }) => release));
  outputs.set('rolled-back', result.outcome === 'rolled-back');
  outputs.set(
    'target',
    JSON.stringify(
      result.rows
        .filter(({ to }) => to > 0)
        .map(({ release, namespace, to, manifestSha256, chart, gitSha }) => ({
          release,
          namespace,
          revision: to,
          manifestSha256,
          chart,
          gitSha,
        })),
    ),
  );
  outputs.set('done', named('done'));
  outputs.set(
    'left',
    JSON.stringify(
      result.rows.filter(({ state }) => state === 'left' || state === 'held').map(({ release }) => release),
    ),
  );
  outputs.set('reason', result.headline);
  await ports.summary.write(renderSummary(result));
}

/** One line per release that would go or went back, with its redacted differences. */
export function stepRow(step: Step, histories: Histories, state: Row['state'], note = ''): Row {
  const { release, target, risks } = step;
  const history = historyOf(histories, release);
  const current = manifestOf(history, target.from.revision);
  const wanted = manifestOf(history, target.to.revision);
  return {
    release: release.name,
    namespace: release.namespace,
    from: target.from.revision,
    to: target.to.revision,
    manifestSha256: target.to.manifestSha256,
    chart: `${target.to.chart}-${target.to.chartVersion}`,
    gitSha: target.gitSha,
    source: target.source,
    state,
    note: [note, ...risks.map(({ message }) => message)].filter((text) => text !== '').join('; '),
    changes: diffManifests(current, wanted, release.namespace),
  };
}

/** A release that stays as it is. */
export function restingRow(
  release: { readonly name: string; readonly namespace: string },
  state: 'unchanged' | 'held',
  note: string,
): Row {
  const { name, namespace } = release;
  return {
    release: name,
    namespace,
    from: 0,
    to: 0,
    manifestSha256: '',
    chart: '',
    gitSha: '',
    source: 'verified',
    state,
    note,
    changes: [],
  };
}

/** The report of an error, with what is known of the releases by then. */
export function failedReport(
  { place, reason }: { readonly place: Place; readonly reason: string },
  error: unknown,
  rows: readonly Row[],
): RollbackReport {
  const { title, message } = describeError(error);
  return {
    outcome: 'failed',
    environment: place.environment,
    namespace: place.namespace,
    headline: message.split('\n')[0] ?? title,
    details: message,
    reason,
    rows,
  };
}
