import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ActionPorts } from '../../../../toolkit/action/run-action.ts';
import type { Report } from '../../../../toolkit/findings/report.ts';
import type { WorkFolders } from '../../../../toolkit/findings/work-folders.ts';
import { openGit } from '../../../../toolkit/git/git.ts';
import { applyFixes, type Fix } from './apply-fixes.ts';

export interface Patch {
  readonly path: string;
  /** Text for `git apply`. */
  readonly text: string;
  /** Findings it mends. */
  readonly fixed: number;
}

type PatchPorts = Pick<ActionPorts, 'process' | 'env' | 'signal'> & {
  readonly folders: Pick<WorkFolders, 'repository' | 'scratch' | 'report'>;
};

/**
 * Writes what the tools themselves would mend as a patch beside the report; undefined when there is nothing. With
 * `new-only` only new findings are mended. The checkout is left as it is.
 */
export async function writePatch(report: Report, ports: PatchPorts): Promise<Patch | undefined> {
  const { repository, scratch, report: reportFile } = ports.folders;
  const dir = join(scratch, 'autofix');
  let fixed = 0;
  for (const [path, fixes] of fixesByFile(report)) {
    const source = await readLossless(join(repository, path));
    if (source === undefined) continue;
    const { text, applied } = applyFixes(source.text, fixes);
    if (text === source.text) continue;
    await writePair(dir, path, join(repository, path), source.mark + text);
    fixed += applied;
  }
  if (fixed === 0) return undefined;
  const text = await diffFolders(dir, ports);
  const path = join(dirname(reportFile), 'autofix.patch');
  await writeFile(path, text);
  return { path, text, fixed };
}

function fixesByFile(report: Report): Map<string, Fix[]> {
  const files = new Map<string, Fix[]>();
  for (const { finding, state, waiver } of report.findings) {
    if (finding.fix === undefined || waiver !== undefined) continue;
    if (report.policy.newOnly && state !== 'new') continue;
    const fix = { edits: finding.fix, formatter: finding.rule === 'format' ? finding.tool : undefined };
    files.set(finding.location.path, [...(files.get(finding.location.path) ?? []), fix]);
  }
  return files;
}

/** A text file; undefined when it is not UTF-8, as a patch made of a guess would destroy it. */
async function readLossless(file: string): Promise<{ mark: string; text: string } | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  const text = bytes?.toString('utf8');
  if (bytes === undefined || text === undefined || !Buffer.from(text).equals(bytes)) return undefined;
  return text.startsWith('\uFEFF') ? { mark: '\uFEFF', text: text.slice(1) } : { mark: '', text };
}

async function writePair(dir: string, path: string, original: string, text: string): Promise<void> {
  for (const side of ['a', 'b']) await mkdir(dirname(join(dir, side, path)), { recursive: true });
  await copyFile(original, join(dir, 'a', path));
  await writeFile(join(dir, 'b', path), text, { mode: (await stat(original)).mode });
}

/** The two folders are named as git names the two sides, so its own output is a patch, whatever the files are called. */
async function diffFolders(dir: string, ports: PatchPorts): Promise<string> {
  const git = openGit({ ...ports, dir });
  const settings = ['-c', 'core.autocrlf=false', '-c', 'core.safecrlf=false', '-c', 'core.fileMode=true'];
  const options = ['--no-index', '--no-prefix', '--no-color', '--no-ext-diff', '--no-textconv'];
  const { stdout } = await git.try(...settings, 'diff', ...options, '--', 'a', 'b');
  return stdout;
}
