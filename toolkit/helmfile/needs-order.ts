import { UserError } from '../action/errors.ts';
import type { HelmfileRelease } from './helmfile.ts';

export const releaseKey = ({ namespace, name }: { namespace: string; name: string }): string =>
  `${namespace}/${name}`;

/**
 * Releases in an order in which each comes after what it needs; otherwise the file's order.
 * Throws E_CONFIG for a cycle, for a need that is not in the file, and for two releases of one name and namespace.
 */
export function sortByNeeds(releases: readonly HelmfileRelease[]): HelmfileRelease[] {
  const byKey = new Map(releases.map((release) => [releaseKey(release), release]));
  if (byKey.size !== releases.length) {
    const twice = releases.find((release) => byKey.get(releaseKey(release)) !== release);
    throw refused(`release ${twice === undefined ? '' : releaseKey(twice)} is there twice`);
  }
  const sorted: HelmfileRelease[] = [];
  const state = new Map<string, 'visiting' | 'done'>();
  const visit = (release: HelmfileRelease, path: readonly string[]): void => {
    const key = releaseKey(release);
    if (state.get(key) === 'done') return;
    if (state.get(key) === 'visiting') throw refused(`'needs' go in a circle: ${[...path, key].join(' → ')}`);
    state.set(key, 'visiting');
    for (const need of release.needs) {
      const other = byKey.get(need);
      if (other === undefined) throw refused(`release ${key} needs ${need}, which is not in the file`);
      visit(other, [...path, key]);
    }
    state.set(key, 'done');
    sorted.push(release);
  };
  for (const release of releases) visit(release, []);
  return sorted;
}

function refused(problem: string): UserError {
  return new UserError('E_CONFIG', `helmfile: ${problem}`, "correct the 'releases' of the helmfile");
}
