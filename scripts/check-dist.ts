/** Builds every bundle anew and compares it byte by byte with the committed one. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './action-metadata.ts';
import { actionNames, build } from './build.ts';

const fresh = mkdtempSync(join(tmpdir(), 'gd-dist-'));
try {
  build(actionNames(), fresh);
  for (const action of actionNames()) {
    const path = join('actions', action, 'dist');
    const names = new Set([...readdirSync(join(fresh, path)), ...list(join(root, path))]);
    for (const name of names) {
      if (!same(join(fresh, path, name), join(root, path, name))) {
        process.stderr.write(
          `${path}/${name} is not what the sources give: run 'npm run build' and commit it\n`,
        );
        process.exitCode = 1;
      }
    }
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function same(a: string, b: string): boolean {
  try {
    return readFileSync(a).equals(readFileSync(b));
  } catch {
    return false;
  }
}
