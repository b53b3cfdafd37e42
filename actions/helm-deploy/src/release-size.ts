import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { UserError } from '../../../toolkit/action/errors.ts';
import { helmIgnore, type HelmIgnore } from '../../../toolkit/helm/helm-ignore.ts';
import { secretLimitBytes, storedBytes } from '../../../toolkit/helm/release-secret.ts';
import type { Inputs } from './inputs.ts';
import { keyOfRelease, type Rendered, type WantedRelease } from './unit.ts';

/** Downloads a chart that is not in the repository; undefined when that cannot be done. */
export type FetchChart = (release: WantedRelease) => Promise<string | undefined>;

/**
 * Helm stores chart and manifest together in one Secret, and finds out that it is too large only after definitions have
 * changed. Charts are measured before, and so is the bundle of an overlay; one that cannot be fetched is left to Helm.
 * Throws E_RELEASE_TOO_BIG.
 */
export async function refuseTooBig(
  workspace: string,
  unit: Inputs['unit'],
  wanted: readonly WantedRelease[],
  rendered: readonly Rendered[],
  fetchChart: FetchChart,
): Promise<void> {
  if (unit.kind === 'argocd') return;
  const base = unit.kind === 'helmfile' ? dirname(resolve(workspace, unit.file)) : workspace;
  const byKey = new Map(rendered.map((release) => [keyOfRelease(release), release]));
  const charts =
    unit.kind === 'kustomize' ? [] : await Promise.all(wanted.map((one) => folderOf(base, one, fetchChart)));
  for (const [index, release] of wanted.entries()) {
    const { manifest = '', hooks = '' } = byKey.get(keyOfRelease(release)) ?? {};
    const folder = charts[index];
    const chart = folder === undefined ? [] : await chartFiles(folder);
    const bytes = storedBytes(unit.kind === 'kustomize' ? manifest : { chart, manifest, hooks });
    if (bytes <= secretLimitBytes) continue;
    throw new UserError(
      'E_RELEASE_TOO_BIG',
      `release ${release.name} would be stored in about ${Math.ceil(bytes / 1024)} KiB, and a Secret holds 1,024 KiB`,
      unit.kind === 'kustomize'
        ? 'split the overlay; nothing was changed'
        : 'split the chart, or keep large files out of it with .helmignore; nothing was changed',
    );
  }
}

async function folderOf(
  base: string,
  release: WantedRelease,
  fetchChart: FetchChart,
): Promise<string | undefined> {
  const local = resolve(base, release.chart);
  return existsSync(local) || !release.installed ? local : fetchChart(release);
}

/**
 * What Helm stores of a chart folder, contents in base64 as it does; dependencies are not stored, nor is what `.git`
 * holds or `.helmignore` names.
 */
async function chartFiles(folder: string): Promise<{ name: string; data: string }[]> {
  const ignore = helmIgnore(await readFile(join(folder, '.helmignore'), 'utf8').catch(() => ''));
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const names = found
    .filter((file) => file.isFile())
    .map((file) => relative(folder, join(file.parentPath, file.name)))
    .filter((name) => !/^(charts|\.git)\//.test(name) && !isIgnored(ignore, name));
  return Promise.all(
    names.map(async (name) => ({ name, data: (await readFile(join(folder, name))).toString('base64') })),
  );
}

/** By a rule of its own or of a folder it is in. */
function isIgnored(ignore: HelmIgnore, name: string): boolean {
  const parts = name.split('/');
  return parts.some((_, index) => ignore(parts.slice(0, index + 1).join('/'), index < parts.length - 1));
}
