import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isInside } from '../../../toolkit/files/repository-path.ts';
import type { Baseline } from '../../../toolkit/findings/baseline.ts';
import type { Fingerprinted } from '../../../toolkit/findings/fingerprint.ts';
import { nameOf } from '../../../toolkit/findings/tool-result.ts';
import type { WorkFolders } from '../../../toolkit/findings/work-folders.ts';
import { renames } from '../../../toolkit/git/change.ts';
import type { Git } from '../../../toolkit/git/git.ts';
import { withWorktree } from '../../../toolkit/git/worktree.ts';
import { imagesOf } from './images.ts';
import { observe, type Observation, type ObservePorts } from './observe.ts';
import type { Comparison } from './plan.ts';
import type { ScanTools } from './scanners/scanner.ts';

type BaselinePorts = ObservePorts & {
  readonly git: Git;
  readonly folders: Pick<WorkFolders, 'worktree'>;
};

/** The findings of the merge base, by the same scanners with the same database, and what a server knew before. */
export async function observeBaseline(
  head: Observation,
  comparison: Comparison,
  tools: ScanTools,
  ports: BaselinePorts,
): Promise<Baseline> {
  const { change } = comparison;
  if (change.kind === 'unknown') return { kind: 'none', reason: change.reason };
  const { base, files } = change;
  if (head.findings.length === 0) return { kind: 'compared', base, findings: [] };
  if (tools.inputs.images.length > 0 && tools.inputs.baseImages.length === 0) {
    // They are not built from the base here: what they are compared with has to be named.
    ports.log.notice("without 'base-image' every finding of the image counts as new");
  }
  return withWorktree(ports.git, base, ports.folders.worktree, async (root) => {
    const listed = await ports.git.run('ls-tree', '-r', '-z', '--name-only', base);
    const { inputs } = tools;
    const { path } = inputs;
    const all = listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
    const baseFiles = all.filter((file) => isInside(file, path));
    const readText = (file: string): string | undefined => tools.readText(join(root, file));
    const images = imagesOf(inputs, all, readText, inputs.baseImages);
    const snykPolicy = tools.readText(join(root, path, '.snyk'));
    const tree = { root, side: 'base' as const, files: baseFiles, path, images, snykPolicy };
    const observed =
      baseFiles.length === 0 && images.length === 0
        ? { results: [], findings: [] }
        : await observe(tree, tools, ports, renames(files));
    for (const result of observed.results) {
      if (result.status !== 'tool-error') continue;
      ports.log.warning(
        `${nameOf(result)} does not run on the merge base (${result.message}): its findings there are unknown, so today's count as new`,
      );
    }
    return { kind: 'compared', base, findings: [...observed.findings, ...knownBefore(head)] };
  });
}

function knownBefore(head: Observation): Fingerprinted[] {
  const known = new Set(
    head.results.flatMap((result) => (result.status === 'ran' ? (result.known ?? []) : [])),
  );
  return head.findings.filter(({ finding }) => known.has(finding));
}
