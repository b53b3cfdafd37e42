import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../action/errors.ts';
import type { EnvironmentEntry } from './entry.ts';
import { parseEntries } from './parse-entries.ts';
import { environmentsInput } from './read-input.ts';

/** The branch map of the input, inline or a file below the workspace; undefined when none is given. */
export async function loadEnvironments(
  input: string,
  workspace: string,
): Promise<readonly EnvironmentEntry[] | undefined> {
  if (input === '') return undefined;
  const source = environmentsInput(input);
  if (source.kind === 'inline') return parseEntries(source.text, 'environments');
  try {
    return parseEntries(await readFile(resolve(workspace, source.path), 'utf8'), source.path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      'E_CONFIG',
      `'environments' names ${source.path}, which cannot be read`,
      'check out the repository first, or give the list inline',
      { cause: error },
    );
  }
}
