import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../../../toolkit/action/errors.ts';
import type { Inputs } from './inputs.ts';
import { releaseNameOf } from './release-name.ts';

/** Refuses what the tools would only stumble over later: missing files and names Helm does not take. E_CONFIG. */
export function checkFiles(
  workspace: string,
  inputs: Inputs,
  target: { readonly values: readonly string[]; readonly release: string | undefined },
): void {
  const { unit } = inputs;
  const files = [...target.values, ...inputs.values, ...inputs.canaryValues, ...inputs.promoteValues];
  if (unit.kind === 'helmfile') files.push(unit.file);
  if (unit.kind === 'kustomize') files.push(unit.folder);
  if (unit.kind === 'chart') {
    const name = releaseNameOf(unit, target.release);
    if (name === '' || name.length > 53 || !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) {
      throw refused(
        name === '' ? "'chart' needs 'release'" : `'release' is '${name}', not a release name`,
        'give `release`, at most 53 of a-z, 0-9 and hyphens',
      );
    }
    if (/^\.{0,2}\//.test(unit.chart)) files.push(unit.chart);
  }
  const missing = files.find((file) => !existsSync(resolve(workspace, file)));
  if (missing !== undefined)
    throw refused(`${missing} does not exist`, 'check the path, and that the repository is checked out');
}

function refused(problem: string, hint: string): UserError {
  return new UserError('E_CONFIG', problem, hint);
}
