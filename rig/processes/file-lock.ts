import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemClock } from '../../toolkit/clock/clock.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/** Takes the lock if it is free or its owner is dead. The file appears with its content at once, by a hard link. */
export function tryLock(path: string): boolean {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${path}.${randomUUID()}`;
  writeFileSync(mine, JSON.stringify(identify(process.pid)));
  try {
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        linkSync(mine, path);
        return true;
      } catch {
        if (!removeStale(path)) return false;
      }
    }
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

export function unlock(path: string): void {
  rmSync(path, { force: true });
}

/** Runs `work` while holding the lock, waiting for another living process that has it. `onWait` is called once. */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  options: { readonly signal?: AbortSignal | undefined; readonly onWait?: () => void } = {},
): Promise<T> {
  for (let waited = false; !tryLock(path); waited = true) {
    if (!waited) options.onWait?.();
    await systemClock.sleep(300, options.signal);
  }
  try {
    return await work();
  } finally {
    unlock(path);
  }
}

/** Removes the lock of a dead owner. The rename makes one of several finders the winner. */
function removeStale(path: string): boolean {
  let owner: ProcessIdentity;
  try {
    owner = JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return true;
  }
  if (isAlive(owner)) return false;
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return true;
  }
  const moved = readFileSync(aside, 'utf8');
  if (moved !== JSON.stringify(owner)) {
    // Another process took over between our reading and our renaming: give it back.
    renameSync(aside, path);
    return false;
  }
  rmSync(aside, { force: true });
  return true;
}
