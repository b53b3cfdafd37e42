import { codeBlock } from '../../../../toolkit/summary/markdown.ts';
import type { Patch } from './write-patch.ts';

/** A longer patch is read better in an editor than in a summary. */
const longest = 50_000;

/** What the patch does and how it is applied, with the patch itself when it is short. */
export function patchSummary(patch: Patch): string {
  const count = patch.fixed === 1 ? 'One finding' : `${patch.fixed} findings`;
  const shown =
    patch.text.length > longest
      ? []
      : [`<details><summary>The patch</summary>\n\n${codeBlock(patch.text, 'diff')}\n\n</details>`];
  return [
    '### Autofix',
    `${count} can be mended by the tools themselves: the output \`patch\` is a file for \`git apply\`.`,
    ...shown,
  ].join('\n\n');
}
