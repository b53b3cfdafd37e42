/**
 * Writes the tables of each action's README and the root action from action.yml, docs/errors.md from the table of codes,
 * and the README's figures from the pages of the benchmarks. `--check` only compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { errorCodes } from '../toolkit/action/errors.ts';
import { actionNames } from './build.ts';
import { readActionMetadata, root } from './action-metadata.ts';
import { claimsTable } from './claims.ts';
import { frontDoor } from './front-door.ts';
import { reusableWorkflows, workflowPage } from './workflow-docs.ts';
import { replaceBetween, inputTable, outputTable } from './docs-tables.ts';

/** Path → text of every generated page. */
export async function generatedPages(): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  for (const action of actionNames()) {
    const path = `actions/${action}/README.md`;
    const metadata = readActionMetadata(action);
    const withInputs = replaceBetween(readFileSync(join(root, path), 'utf8'), 'inputs', inputTable(metadata));
    pages.set(path, await pretty(path, replaceBetween(withInputs, 'outputs', outputTable(metadata))));
  }
  const rows = Object.entries(errorCodes).map(
    ([code, meaning]) => `| \`${code}\` | ${meaning.replaceAll('|', '\\|')} |`,
  );
  pages.set(
    'docs/errors.md',
    await pretty(
      'docs/errors.md',
      `# Error codes\n\nEvery error a user can meet has one code; its text is one line of cause and one next step.\n\n| code | what it means and what to do |\n| --- | --- |\n${rows.join('\n')}\n`,
    ),
  );
  pages.set('docs/workflows.md', await pretty('docs/workflows.md', workflowPage(reusableWorkflows())));
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  pages.set('README.md', await pretty('README.md', replaceBetween(readme, 'claims', claimsTable())));
  pages.set('action.yml', await pretty('action.yml', frontDoor()));
  return pages;
}

async function pretty(path: string, text: string): Promise<string> {
  const file = join(root, path);
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check');
  for (const [path, text] of await generatedPages()) {
    const file = join(root, path);
    if (check) {
      if (readFileSync(file, 'utf8') !== text) {
        process.stderr.write(
          `${path} is not what action.yml, the error table and the benchmarks say: run 'npm run docs'\n`,
        );
        process.exitCode = 1;
      }
    } else writeFileSync(file, text);
  }
}
