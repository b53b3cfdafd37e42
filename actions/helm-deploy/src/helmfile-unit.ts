import type { HelmfilePort } from '../../../toolkit/helmfile/helmfile.ts';
import { historyMax, keyOfRelease, type DeployUnit } from './unit.ts';

/** A helmfile as the unit of a deploy. */
export function helmfileUnit(helmfile: HelmfilePort): DeployUnit {
  return {
    list: async (signal) =>
      (await helmfile.list(signal)).map((release) => ({
        ...release,
        kind: 'helm',
        chartVersion: release.version,
      })),
    render: async (releases, existing, signal) => {
      const upgrades = releases.filter((release) => existing.has(keyOfRelease(release)));
      const installs = releases.filter((release) => !existing.has(keyOfRelease(release)));
      const rendered = [
        ...(await helmfile.template({ releases: upgrades, isUpgrade: true, signal })),
        ...(await helmfile.template({ releases: installs, isUpgrade: false, signal })),
      ];
      return rendered.map(({ release, ...rest }) => ({ name: release, ...rest }));
    },
    apply: (request) => helmfile.sync({ ...request, historyMax }),
  };
}
