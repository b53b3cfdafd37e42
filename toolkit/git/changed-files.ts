import type { Git } from './git.ts';

export interface ChangedFile {
  /** Path in the head; for a deleted file its last path. */
  readonly path: string;
  /** Path in the base, when it was another. */
  readonly from?: string | undefined;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
}

/** What changed between two commits, or a commit and the work tree, renames followed. */
export async function changedFiles(git: Git, base: string, head?: string): Promise<ChangedFile[]> {
  const range = head === undefined ? [base] : [base, head];
  return parseNameStatus(
    await git.run('diff', '-z', '--name-status', '-M', '--no-ext-diff', '--no-textconv', ...range, '--'),
  );
}

/** Reads `git diff -z --name-status`: NUL-separated, so any file name comes through whole. */
export function parseNameStatus(text: string): ChangedFile[] {
  const fields = text.split('\0');
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < fields.length;) {
    const code = (fields[at] ?? '').charAt(0);
    const first = fields[at + 1] ?? '';
    if (code === 'R' || code === 'C') {
      const path = fields[at + 2] ?? '';
      files.push(code === 'R' ? { path, from: first, status: 'renamed' } : { path, status: 'added' });
      at += 3;
      continue;
    }
    const status = code === 'A' ? 'added' : code === 'D' ? 'deleted' : 'modified';
    files.push({ path: first, status });
    at += 2;
  }
  return files;
}
