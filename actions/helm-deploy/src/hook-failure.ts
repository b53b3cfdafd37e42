import { failedHook } from '../../../toolkit/health/failed-hook.ts';
import type { ReleaseHook } from '../../../toolkit/helm/helm.ts';
import type { KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { UnhealthyError } from './unhealthy.ts';

/** The hooks of one release. */
export interface ReleaseHooks {
  readonly name: string;
  readonly namespace: string;
  readonly hooks: readonly ReleaseHook[];
}

/** The hook Job that stopped Helm, with its log; undefined when it was something else. */
export async function hookFailure(
  kubernetes: KubernetesPort,
  releases: readonly ReleaseHooks[],
  earlier: ReadonlySet<string | undefined>,
  cause: unknown,
): Promise<UnhealthyError | undefined> {
  for (const { name, namespace, hooks } of releases) {
    const failed = await failedHook(kubernetes, namespace, hooks, ['install', 'upgrade'], earlier);
    if (failed === undefined) continue;
    return new UnhealthyError(
      {
        code: 'E_HOOK',
        message: `the hook Job/${failed.name} of release ${name} ${failed.why}`,
        hint: `read its log: \`kubectl -n ${namespace} logs job/${failed.name}\`, mend it and deploy again`,
      },
      [{ title: `Job/${failed.name}: ${failed.why}`, lines: failed.lines }],
      { cause },
    );
  }
  return undefined;
}
