import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tryLock, unlock, withLock } from './file-lock.ts';

const lock = (): string => join(mkdtempSync(join(tmpdir(), 'lock-')), 'lock');

describe('a file lock', () => {
  it('is had by one at a time', () => {
    const path = lock();
    expect(tryLock(path)).toBe(true);
    expect(tryLock(path)).toBe(false);
    unlock(path);
    expect(tryLock(path)).toBe(true);
    expect(readdirSync(dirname(path))).toEqual(['lock']);
  });

  it('is taken from a dead owner, also when its number lives on in another process', () => {
    const path = lock();
    writeFileSync(path, JSON.stringify({ pid: process.pid, started: '1' }));
    expect(tryLock(path)).toBe(true);
    expect(tryLock(path)).toBe(false);
  });

  it('lets the second wait for the first', async () => {
    const path = lock();
    const order: string[] = [];
    const first = withLock(path, async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push('first');
    });
    const second = withLock(path, async () => order.push('second'), { onWait: () => order.push('waits') });
    await Promise.all([first, second]);
    expect(order).toEqual(['waits', 'first', 'second']);
  });

  it('is free again after a failure', async () => {
    const path = lock();
    await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(tryLock(path)).toBe(true);
  });
});
