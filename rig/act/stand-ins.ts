import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** GitHub's own actions that the rig replaces: there is no network to fetch them from, nor a GitHub behind them. */
const replaced = ['checkout', 'setup-node', 'upload-artifact', 'download-artifact', 'cache'];

/** Every `actions/<name>@<ref>` of the workflow texts that has a stand-in. */
export function usedStandIns(texts: readonly string[]): { name: string; ref: string }[] {
  const found = new Map<string, { name: string; ref: string }>();
  for (const text of texts) {
    for (const [, name = '', ref = ''] of text.matchAll(
      /^\s*(?:-\s+)?uses:\s*['"]?actions\/([\w-]+)(?:\/[\w/-]+)?@([^\s'"#]+)/gm,
    )) {
      if (replaced.includes(name)) found.set(`${name}@${ref}`, { name, ref });
    }
  }
  return [...found.values()];
}

/** act arguments that point the used GitHub actions at the stand-ins beside this file. */
export async function standInArguments(workflowFolders: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for (const folder of workflowFolders) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      if (/\.ya?ml$/.test(name)) texts.push(await readFile(join(folder, name), 'utf8'));
    }
  }
  return usedStandIns(texts).flatMap(({ name, ref }) => [
    '--local-repository',
    `actions/${name}@${ref}=${join(import.meta.dirname, 'actions', name)}`,
  ]);
}
