import type { ActionPorts, Conclusion } from '../../../toolkit/action/run-action.ts';
import type { AnnotationPort } from '../../../toolkit/findings/annotations.ts';
import { concludeReport, publish } from '../../../toolkit/findings/publish.ts';
import { buildReport } from '../../../toolkit/findings/report.ts';
import { refuseUntrustedHead } from '../../../toolkit/git/change.ts';
import { openGit } from '../../../toolkit/git/git.ts';
import type { ToolCache } from '../../../toolkit/tools/tool-cache.ts';
import { saveResults } from './cache/cached-baseline.ts';
import { openResults } from './cache/result-cache.ts';
import { patchSummary } from './fixes/patch-summary.ts';
import { writePatch } from './fixes/write-patch.ts';
import { readInputs } from './inputs.ts';
import { observeBaseline } from './observe-baseline.ts';
import { observe } from './observe.ts';
import { setOutputs } from './outputs.ts';
import { gatePolicy, planScope } from './plan.ts';
import { openApi, showInCheckRun, tellPullRequest } from './tell-github.ts';
import { observeTree } from './tree.ts';
import { workFolders } from '../../../toolkit/findings/work-folders.ts';

export interface LintPorts extends ActionPorts {
  readonly annotations: AnnotationPort;
  readonly cache: ToolCache;
}

/** Lints the checkout, compares with the merge base, decides and reports. */
export async function run(ports: LintPorts): Promise<Conclusion> {
  const inputs = readInputs(ports.inputs);
  const folders = await workFolders('lint', ports.github, inputs.sarif);
  const { github, log } = ports;
  const git = openGit({
    ...ports,
    dir: folders.repository,
    remote: { serverUrl: github.serverUrl, token: inputs.token },
  });
  await refuseUntrustedHead(git, github, inputs.workingDirectory);
  const api = openApi(inputs.token, ports);
  const results = openResults(ports.env);

  const scope = await planScope(inputs, { ...ports, git, api });
  const tree = await observeTree(git, inputs, scope);
  const head = await log.group('Lint', () => observe(tree, inputs, { ...ports, folders }));
  const baseline = await log.group('Baseline', () =>
    observeBaseline(head, tree, scope, inputs, { ...ports, git, folders, results }),
  );
  await saveResults(head, tree, { ...ports, git, results });
  const report = buildReport('lint', { ...head, baseline }, gatePolicy(inputs, scope));

  const isShown = await showInCheckRun(report, inputs, { ...ports, api });
  await publish(report, ports, {
    title: 'Lint',
    sarifDir: folders.sarif,
    reportFile: folders.report,
    annotate: inputs.annotations !== 'none' && !isShown,
  });
  const patch = await writePatch(report, { ...ports, folders });
  if (patch !== undefined) await ports.summary.write(patchSummary(patch));
  await tellPullRequest(report, inputs, { ...ports, api });
  setOutputs(ports.outputs, report, { ...folders, patch: patch?.path ?? '' });
  return concludeReport(report, ports);
}
