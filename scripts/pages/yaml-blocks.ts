import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../action-metadata.ts';

export interface YamlBlock {
  /** Page and line, for whoever has to mend it. */
  readonly where: string;
  readonly text: string;
}

/** The fenced `yaml` blocks of a Markdown text. */
export function yamlBlocks(page: string, text: string): YamlBlock[] {
  return [...text.matchAll(/^( *)```ya?ml\n([\s\S]*?)^\1```/gm)].map((match) => ({
    where: `${page}:${text.slice(0, match.index).split('\n').length}`,
    text: (match[2] ?? '').replaceAll(new RegExp(`^${match[1] ?? ''}`, 'gm'), ''),
  }));
}

/** The blocks of every page that users read. */
export function blocksOfPages(): YamlBlock[] {
  const listed = execFileSync('git', ['ls-files', '-z', '*.md'], { cwd: root, encoding: 'utf8' });
  return listed
    .split('\0')
    .filter((page) => page !== '' && !/__golden__|\/fixtures\//.test(page))
    .flatMap((page) => yamlBlocks(page, readFileSync(join(root, page), 'utf8')));
}
