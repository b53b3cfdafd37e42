import { chmod, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PrivateFolder {
  readonly path: string;
  /** Writes a new file of mode 0600 and returns its path; a file already there is an error (`EEXIST`). */
  readonly write: (name: string, content: string) => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** A fresh folder that only this user can open. `parent` is the runner's temporary folder; '' means the system's. */
export async function createPrivateFolder(parent: string): Promise<PrivateFolder> {
  const path = await mkdtemp(join(parent === '' ? tmpdir() : parent, 'gated-delivery-'));
  await chmod(path, 0o700);
  return {
    path,
    write: async (name, content) => {
      const target = join(path, name);
      // `wx` is O_CREAT | O_EXCL: a planted file or link is never followed.
      const file = await open(target, 'wx', 0o600);
      try {
        await file.writeFile(content, 'utf8');
      } finally {
        await file.close();
      }
      return target;
    },
    remove: () => removePrivateFolder(path),
  };
}

/** Removes the folder and what is in it; nothing happens when it is gone already. */
export async function removePrivateFolder(path: string): Promise<void> {
  if (path !== '') await rm(path, { recursive: true, force: true });
}
