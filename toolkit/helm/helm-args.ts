import type { ChartRelease, RollbackRequest, UpgradeRequest } from './helm.ts';

/** Go duration in whole seconds, at least 1. */
const seconds = (ms: number): string => `${Math.max(1, Math.ceil(ms / 1000))}s`;

/** Helm 4's bare default waits for hooks only, and its `--wait` takes a strategy with `=`; helm 3's is a plain flag. */
function waitFlags(major: 3 | 4, wait: boolean): string[] {
  if (!wait) return [];
  return [major === 4 ? '--wait=watcher' : '--wait', '--wait-for-jobs'];
}

function chartFlags(release: ChartRelease): string[] {
  return [
    ...(release.chartVersion === undefined ? [] : ['--version', release.chartVersion]),
    ...release.values.flatMap((file) => ['--values', file]),
    ...release.set.flatMap((item) => ['--set', item]),
  ];
}

/**
 * No `--atomic` and no `--rollback-on-failure`: both go back without a guard for data, may pick a failed revision, and
 * uninstall a failed first install.
 */
export function upgradeArgs(major: 3 | 4, request: UpgradeRequest): string[] {
  return [
    'upgrade',
    request.release,
    request.chart,
    '--install',
    '--namespace',
    request.namespace,
    '--reset-values',
    '--timeout',
    seconds(request.timeoutMs),
    '--history-max',
    String(Math.max(10, request.historyMax)),
    '--description',
    request.description,
    ...waitFlags(major, request.wait),
    ...(request.force && major === 4 ? ['--force-conflicts', '--server-side=true'] : []),
    ...chartFlags(request),
  ];
}

export function rollbackArgs(major: 3 | 4, request: RollbackRequest): string[] {
  return [
    'rollback',
    request.release,
    String(request.revision),
    '--namespace',
    request.namespace,
    '--timeout',
    seconds(request.timeoutMs),
    '--history-max',
    String(Math.max(10, request.historyMax)),
    ...waitFlags(major, request.wait),
    ...(request.force && major === 4 ? ['--force-conflicts'] : []),
  ];
}

/** A server-side dry run, so that capabilities and `lookup` are the cluster's. */
export function templateArgs(major: 3 | 4, request: ChartRelease & { isUpgrade: boolean }): string[] {
  return [
    'template',
    request.release,
    request.chart,
    '--namespace',
    request.namespace,
    '--dry-run=server',
    ...(request.isUpgrade ? ['--is-upgrade'] : []),
    ...(major === 3 ? ['--validate'] : []),
    ...chartFlags(request),
  ];
}
