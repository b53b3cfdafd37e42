import type { ChartRelease, HelmPort } from '../../../toolkit/helm/helm.ts';
import { historyMax, keyOfRelease, type DeployUnit } from './unit.ts';

/** One Helm chart as the unit of a deploy. */
export function chartUnit(helm: HelmPort, chart: ChartRelease): DeployUnit {
  return {
    list: () =>
      Promise.resolve([
        {
          name: chart.release,
          namespace: chart.namespace,
          kind: 'helm',
          chart: chart.chart,
          chartVersion: chart.chartVersion ?? '',
          installed: true,
          needs: [],
        },
      ]),
    render: async (releases, existing, signal) =>
      Promise.all(
        releases.map(async ({ name, namespace }) => ({
          name,
          namespace,
          ...(await helm.template({
            ...chart,
            isUpgrade: existing.has(keyOfRelease({ name, namespace })),
            signal,
          })),
        })),
      ),
    apply: async ({ releases, ...request }) => {
      if (releases.length > 0) await helm.upgradeInstall({ ...chart, ...request, historyMax, wait: true });
    },
  };
}
