import { join } from 'node:path';
import { text } from '../../../../../toolkit/git/change.ts';
import type { Task } from '../../../../../toolkit/findings/run-tasks.ts';
import type { ScanTools, ScanTree } from '../scanner.ts';

/** Sends a snapshot to Snyk, on the default branch and when asked for. */
export function monitorTasks(args: readonly string[], tree: ScanTree, tools: ScanTools): Task[] {
  const { inputs, github } = tools;
  const isDefaultBranch =
    github.eventName !== 'pull_request' &&
    github.ref === `refs/heads/${text(github.event, 'repository', 'default_branch') ?? ''}`;
  const wanted = inputs.snyk.monitor && inputs.snyk.token !== '' && tree.side === 'head' && isDefaultBranch;
  if (!wanted) return [];
  const [tool, target] = ['snyk-monitor', tree.path];
  return [
    {
      tool,
      target,
      run: async () => {
        const snyk = await tools.snyk();
        const { token, org } = inputs.snyk;
        const result = await tools.run([snyk.path, ...args, ...(org === '' ? [] : [`--org=${org}`])], {
          cwd: join(tree.root, tree.path),
          env: { ...tools.snykSettings, SNYK_TOKEN: token, SNYK_DISABLE_ANALYTICS: '1' },
        });
        return result.code === 0
          ? [{ tool, target, status: 'ran', version: snyk.version, findings: [] }]
          : [
              {
                tool,
                target,
                status: 'tool-error',
                message: `the snapshot was not taken (exit code ${result.code ?? 'none'})`,
                detail: result.stdout.slice(-2_000),
              },
            ];
      },
    },
  ];
}
