import type { GitHubContext } from '../../../toolkit/action/github-context.ts';
import type { Waiver } from '../../../toolkit/findings/judged.ts';
import { readWaivers } from '../../../toolkit/findings/waivers/read-waivers.ts';
import { isProposal, textOfBase, type Change } from '../../../toolkit/git/change.ts';
import type { Git } from '../../../toolkit/git/git.ts';
import { refused } from './refuse-contradictions.ts';

export interface WaiversRead {
  readonly waivers: readonly Waiver[];
  readonly warnings: readonly string[];
}

export interface WaiverPorts {
  readonly git: Git;
  readonly github: GitHubContext;
  /** The checkout's own text; undefined when there is no such file. */
  readonly readText: (path: string) => string | undefined;
}

/** Waivers of the named files. A change that is to be merged cannot waive its own findings: the base's files count. */
export async function readWaiversOf(
  files: readonly string[],
  change: Change,
  ports: WaiverPorts,
): Promise<WaiversRead> {
  const waivers: Waiver[] = [];
  const warnings: string[] = [];
  for (const file of files) {
    if (isProposal(ports.github) && change.kind === 'unknown') {
      throw refused('waivers', `cannot be read from the base: ${change.reason}`);
    }
    const own = ports.readText(file);
    const text = isProposal(ports.github) ? await textOfBase(ports.git, change, file) : own;
    if (text === undefined && own === undefined)
      throw refused('waivers', `names ${file}, which is not there`);
    // Refused now rather than after it was merged.
    if (own !== undefined) readWaivers(own, file);
    if (text === undefined) warnings.push(`${file} is new in this change: it counts once it is merged`);
    else waivers.push(...readWaivers(text, file));
  }
  return { waivers, warnings };
}
