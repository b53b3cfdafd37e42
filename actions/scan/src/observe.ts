import { join } from 'node:path';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { above, isInside } from '../../../toolkit/files/repository-path.ts';
import { withExploitation, type Exploitation } from '../../../toolkit/findings/exploitation.ts';
import { fingerprint, type Fingerprinted } from '../../../toolkit/findings/fingerprint.ts';
import { mergeVulnerabilities } from '../../../toolkit/findings/merge-vulnerabilities.ts';
import { runTasks } from '../../../toolkit/findings/run-tasks.ts';
import type { ToolResult } from '../../../toolkit/findings/tool-result.ts';
import { isProposal, textOfBase, type Change } from '../../../toolkit/git/change.ts';
import type { Git } from '../../../toolkit/git/git.ts';
import { listFiles } from '../../../toolkit/git/list-files.ts';
import { imagesOf } from './images.ts';
import { refused } from './refuse-contradictions.ts';
import type { ScanTools, ScanTree } from './scanners/scanner.ts';
import { scanners } from './scanners/table.ts';

export interface Observation {
  readonly results: readonly ToolResult[];
  readonly findings: readonly Fingerprinted[];
}

export type ObservePorts = Pick<ActionPorts, 'log' | 'signal'> & { readonly exploitation: Exploitation };

/** Scans the checkout itself. Files that inputs name have to be there. */
export async function observeHead(
  git: Git,
  change: Change,
  tools: ScanTools,
  ports: ObservePorts,
): Promise<Observation> {
  const { inputs } = tools;
  const all = await listFiles(git);
  const named = [
    ...(inputs.charts ?? []).map((chart) => ['charts', join(chart, 'Chart.yaml')] as const),
    ...inputs.environments.flatMap(({ files: list }) => list.map((file) => ['values', file] as const)),
    ['path', inputs.path] as const,
    ...(inputs.dockerfile === '' ? [] : [['dockerfile', inputs.dockerfile] as const]),
  ];
  for (const [input, file] of named) {
    if (!tools.exists(join(git.dir, file)))
      throw refused(input, `needs ${file}, which is not in the repository`);
  }
  const files = all.filter((file) => isInside(file, inputs.path));
  const images = imagesOf(inputs, all, (file) => tools.readText(join(git.dir, file)));
  const { path } = inputs;
  const policy = above('.snyk', path);
  const snykPolicy = isProposal(tools.github)
    ? await textOfBase(git, change, policy)
    : tools.readText(join(git.dir, policy));
  return observe({ root: git.dir, side: 'head', files, path, images, snykPolicy }, tools, ports);
}

/** Runs the chosen scanners side by side on a tree. */
export async function observe(
  tree: ScanTree,
  tools: ScanTools,
  ports: ObservePorts,
  pathNow?: (path: string) => string,
): Promise<Observation> {
  const chosen = scanners.filter((scanner) => tools.inputs.scanners.some((name) => name === scanner.name));
  const results = await runTasks(
    chosen.flatMap((scanner) => scanner.tasks(tree, tools)),
    ports,
  );
  const reported = results.flatMap((result) => (result.status === 'ran' ? result.findings : []));
  const findings = mergeVulnerabilities(reported).map((finding) =>
    withExploitation(finding, ports.exploitation),
  );
  return {
    results,
    findings: fingerprint(findings, (path) => tools.readText(join(tree.root, path)), pathNow),
  };
}
