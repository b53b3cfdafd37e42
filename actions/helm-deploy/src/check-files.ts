import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { UserError } from '../../../toolkit/action/errors.ts';
import type { ResolvedEnvironment } from '../../../toolkit/environments/resolve-environment.ts';
import { foreignValuesFile } from '../../../toolkit/environments/values-files.ts';
import type { Inputs } from './inputs.ts';
import { releaseNameOf } from './release-name.ts';

/**
 * Refuses what the tools would only stumble over later, missing files and names Helm does not take, and values files
 * named for another one of the `environments`. E_CONFIG.
 */
export function checkFiles(
  workspace: string,
  inputs: Inputs,
  target: Pick<ResolvedEnvironment, 'environment' | 'values' | 'release'>,
  environments: readonly string[],
): void {
  const { unit } = inputs;
  const given = [...inputs.values, ...inputs.canaryValues, ...inputs.promoteValues];
  refuseForeign(workspace, given, target.environment, environments);
  const files = [...target.values, ...given];
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

/** Those of an entry are checked where the map is read. Folders the workspace itself is in say nothing. */
function refuseForeign(
  workspace: string,
  given: readonly string[],
  environment: string,
  environments: readonly string[],
): void {
  const files = given.map((file) => relative(workspace, resolve(workspace, file)));
  const foreign = foreignValuesFile(files, environment, environments);
  if (foreign === undefined) return;
  throw refused(
    `values file ${foreign.file} is named for environment ${foreign.environment}, and this deploy is to ${environment}`,
    "name it in 'values' of its entry in `environments`, which no other environment gets",
  );
}

function refused(problem: string, hint: string): UserError {
  return new UserError('E_CONFIG', problem, hint);
}
