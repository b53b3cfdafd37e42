import { UserError } from '../../../toolkit/action/errors.ts';
import { readRepositoryPath } from '../../../toolkit/files/read-repository-path.ts';

/** One set of values files that the charts are rendered with. */
export interface Environment {
  readonly name: string;
  /** Repository paths; later ones win, as with helm. */
  readonly files: readonly string[];
}

/** Reads `name=file,file` lines; a lone file is an environment of its own name. E_CONFIG names the line that is wrong. */
export function readEnvironments(text: string): Environment[] {
  const lines = text.split('\n').map((line) => line.trim());
  const environments = lines
    .filter((line) => line !== '')
    .map((line): Environment => {
      const match = /^(?:([A-Za-z0-9][A-Za-z0-9._-]*)\s*=\s*)?([^\s=,][^=]*)$/.exec(line);
      const [, named, list] = match ?? [];
      const name = named ?? (list === undefined ? undefined : stemOf(list));
      if (name === undefined || list === undefined) {
        throw refused(`input 'values' has the line '${line}', expected 'environment=file,file'`);
      }
      const files = list.split(',').map((file) => file.trim());
      if (files.includes('')) throw refused(`input 'values' has an empty file name for '${name}'`);
      return { name, files: files.map((file) => readRepositoryPath('values', file)) };
    });
  const names = environments.map((environment) => environment.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refused(`input 'values' names '${twice}' twice`);
  return environments;
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/(\.values)?\.ya?ml$/, '');
}

function refused(message: string): UserError {
  return new UserError('E_CONFIG', message, "correct 'values' under 'with:' of the step");
}
