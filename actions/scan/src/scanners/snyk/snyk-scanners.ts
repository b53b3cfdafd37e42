import { join, relative } from 'node:path';
import { above } from '../../../../../toolkit/files/repository-path.ts';
import type { Task } from '../../../../../toolkit/findings/run-tasks.ts';
import type { Scanner, ScanTree } from '../scanner.ts';
import { monitorTasks } from './monitor.ts';
import { copyForCode, policyFile } from './snyk-policy.ts';
import { runSnyk } from './run-snyk.ts';
import { codeFindings, dependencyFindings, infrastructureFindings } from './snyk-findings.ts';

/** Dependencies of every project Snyk finds. */
export const snykOpenSource = {
  name: 'snyk-open-source',
  tasks: (tree, tools) => [
    task('snyk-open-source', tree, async () => {
      const folder = join(tree.root, tree.path);
      return runSnyk(
        {
          tool: 'snyk-open-source',
          target: tree.path,
          args: ['test', '--all-projects', `--policy-path=${await policyFile(tree, tools)}`],
          cwd: folder,
          toFindings: (item) => {
            if (item.kind !== 'dependencies') return [];
            const { displayTargetFile, targetFile, path } = item.report;
            const file = displayTargetFile ?? targetFile ?? relative(folder, path);
            const role = above(file, tree.path);
            return dependencyFindings('snyk-open-source', item.report, {
              role,
              place: { path: role, startLine: 1 },
            });
          },
        },
        tools,
      );
    }),
    ...monitorTasks(['monitor', '--all-projects'], tree, tools),
  ],
} as const satisfies Scanner;

/** Images. */
export const snykContainer = {
  name: 'snyk-container',
  tasks: (tree, tools) =>
    tree.images.flatMap(({ name, reference, role, place }) => [
      task(
        'snyk-container',
        tree,
        async () =>
          runSnyk(
            {
              tool: 'snyk-container',
              target: name,
              args: ['container', 'test', reference, `--policy-path=${await policyFile(tree, tools)}`],
              cwd: tools.emptyDir,
              toFindings: (item) =>
                item.kind === 'dependencies'
                  ? dependencyFindings('snyk-container', item.report, { role, place })
                  : [],
            },
            tools,
          ),
        name,
      ),
      ...monitorTasks(['container', 'monitor', reference], tree, tools),
    ]),
} as const satisfies Scanner;

/** Terraform, CloudFormation, Kubernetes and the like. */
export const snykIac = {
  name: 'snyk-iac',
  tasks: (tree, tools) => [
    task('snyk-iac', tree, async () =>
      runSnyk(
        {
          tool: 'snyk-iac',
          target: tree.path,
          args: ['iac', 'test', `--policy-path=${await policyFile(tree, tools)}`],
          cwd: join(tree.root, tree.path),
          toFindings: (item) =>
            item.kind === 'infrastructure' ? infrastructureFindings('snyk-iac', item.report, tree.path) : [],
        },
        tools,
      ),
    ),
  ],
} as const satisfies Scanner;

/** The code itself; Snyk answers in SARIF. */
export const snykCode = {
  name: 'snyk-code',
  tasks: (tree, tools) => [
    task('snyk-code', tree, async () =>
      runSnyk(
        {
          tool: 'snyk-code',
          target: tree.path,
          args: ['code', 'test'],
          report: 'sarif',
          cwd: await copyForCode(tree, tools),
          toFindings: (item) =>
            item.kind === 'code' ? codeFindings('snyk-code', item.report, tree.path) : [],
        },
        tools,
      ),
    ),
  ],
} as const satisfies Scanner;

function task(tool: string, tree: ScanTree, run: Task['run'], target = tree.path): Task {
  return { tool, target, run };
}
