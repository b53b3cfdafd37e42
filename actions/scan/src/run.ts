import type { ActionPorts, Conclusion } from '../../../toolkit/action/run-action.ts';
import type { AnnotationPort } from '../../../toolkit/findings/annotations.ts';
import { concludeReport, publish } from '../../../toolkit/findings/publish.ts';
import { buildReport } from '../../../toolkit/findings/report.ts';
import { waiverFor, waiverWarnings } from '../../../toolkit/findings/waivers/apply-waivers.ts';
import { workFolders } from '../../../toolkit/findings/work-folders.ts';
import { refuseUntrustedHead } from '../../../toolkit/git/change.ts';
import { openGit } from '../../../toolkit/git/git.ts';
import type { ToolCache } from '../../../toolkit/tools/tool-cache.ts';
import { databaseNews } from './database-news.ts';
import { readInputs } from './inputs.ts';
import { observeBaseline } from './observe-baseline.ts';
import { observeHead } from './observe.ts';
import { setOutputs } from './outputs.ts';
import { gatePolicy, planComparison } from './plan.ts';
import { readExploitation } from './read-exploitation.ts';
import { readWaiversOf } from './read-waivers-of.ts';
import { scanTools } from './scan-tools.ts';
import { openApi, showInCheckRun, tellPullRequest, uploadResults } from './tell-github.ts';

export interface ScanPorts extends ActionPorts {
  readonly annotations: AnnotationPort;
  readonly cache: ToolCache;
}

/** Scans the checkout, compares with the merge base, decides and reports. */
export async function run(ports: ScanPorts): Promise<Conclusion> {
  const inputs = readInputs(ports.inputs);
  const folders = await workFolders('scan', ports.github, inputs.sarif);
  const { github, log } = ports;
  const now = ports.clock.now();
  const git = openGit({
    ...ports,
    dir: folders.repository,
    remote: { serverUrl: github.serverUrl, token: inputs.token },
  });
  await refuseUntrustedHead(git, github, inputs.path);

  const api = openApi(inputs.token, ports);
  const comparison = await planComparison(inputs, { ...ports, git, api });
  const tools = await scanTools(inputs, { ...ports, folders });
  const { waivers, warnings: ofWaivers } = await readWaiversOf(inputs.waivers, comparison.change, {
    git,
    github,
    readText: (path) => tools.readText(`${folders.repository}/${path}`),
  });
  const { exploitation, warnings: ofLists } = await readExploitation(inputs, folders.repository, now);

  const head = await log.group('Scan', () =>
    observeHead(git, comparison.change, tools, { ...ports, exploitation }),
  );
  const baseline = await log.group('Baseline', () =>
    observeBaseline(head, comparison, tools, { ...ports, exploitation, git, folders }),
  );
  const database = databaseNews(await tools.usedDatabases());
  const found = head.findings.map(({ finding }) => finding);
  const warnings = [...database.warnings, ...ofLists, ...ofWaivers, ...waiverWarnings(waivers, found, now)];
  const report = buildReport(
    'scan',
    { ...head, baseline, warnings },
    gatePolicy(inputs, comparison),
    ({ finding }) => waiverFor(finding, waivers, now),
  );

  const telling = { ...ports, api };
  const isShown = await showInCheckRun(report, inputs, telling);
  const sarifFiles = await publish(report, ports, {
    title: 'Scan',
    sarifDir: folders.sarif,
    reportFile: folders.report,
    annotate: !isShown,
  });
  await uploadResults(sarifFiles, inputs, telling);
  await tellPullRequest(report, inputs, telling);
  setOutputs(ports.outputs, report, folders, database.ageHours);
  return concludeReport(report, ports);
}
