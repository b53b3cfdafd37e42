import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outputs } from '../../../toolkit/action/outputs.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { Inputs } from './inputs.ts';
import { htmlReport } from './html/html-report.ts';
import { buildReport } from './report.ts';
import type { GateResult } from './result.ts';
import { renderSummary } from './summary.ts';
import { formatE } from './verdict.ts';

/** Outputs are always set: an error before the first look leaves these. */
export function publishNothing(outputs: Outputs): void {
  outputs.set('verdict', 'inconclusive');
  outputs.set('reason', 'the gate did not start');
  outputs.set('e-value', 1);
  outputs.set('elapsed-seconds', 0);
  outputs.set('canary-requests', 0);
  outputs.set('report', '');
}

/** Writes the report and the summary and sets the outputs. */
export async function publish(ports: ActionPorts, inputs: Inputs, result: GateResult): Promise<void> {
  const { verdict, sinceMs, looks } = result;
  const last = looks.at(-1);
  const path = join(inputs.reportDir, 'report.json');
  const report = buildReport(inputs, result);
  await mkdir(inputs.reportDir, { recursive: true });
  await writeFile(path, `${JSON.stringify(report, null, 1)}\n`);
  await writeFile(join(inputs.reportDir, 'report.html'), htmlReport(report));
  ports.outputs.set('verdict', verdict.kind);
  ports.outputs.set('reason', verdict.reason);
  ports.outputs.set('e-value', formatE(last?.logE ?? 0));
  ports.outputs.set('elapsed-seconds', Math.round((verdict.atMs - sinceMs) / 1000));
  ports.outputs.set('canary-requests', last?.canaryRequests ?? 0);
  ports.outputs.set('report', path);
  await ports.summary.write(renderSummary(report));
  ports.log.info(`verdict: ${verdict.kind}: ${verdict.reason}`);
}
