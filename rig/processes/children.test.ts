import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { awaitReady } from './await-ready.ts';
import { startChildren, type Children } from './children.ts';
import { identify } from './process-identity.ts';

const env = { PATH: process.env.PATH ?? '' };
let children: Children | undefined;
const start = (): { dir: string; children: Children } => {
  const dir = mkdtempSync(join(tmpdir(), 'children-'));
  children = startChildren(dir);
  return { dir, children };
};
afterEach(async () => {
  await children?.stopAll(0);
});

describe('children', () => {
  it('are listed while they run, and their output is kept', async () => {
    const { dir, children } = start();
    const child = await children.spawn({ name: 'greeter', argv: ['echo', 'hello'], env });
    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect(readFileSync(join(dir, 'logs/greeter.log'), 'utf8')).toBe('hello\n');
    expect(JSON.parse(readFileSync(join(dir, 'processes.json'), 'utf8'))).toEqual([]);
  });

  it('end with all they started, also when they ignore the polite signal', async () => {
    const { dir, children } = start();
    const script = 'trap "" TERM; sleep 600 & echo $!; wait';
    const child = await children.spawn({ name: 'stubborn', argv: ['sh', '-c', script], env });
    const log = join(dir, 'logs/stubborn.log');
    await awaitReady(child, () => Promise.resolve(readFileSync(log, 'utf8') !== ''));
    const grandchild = Number(readFileSync(log, 'utf8'));
    expect(identify(grandchild)).toBeDefined();
    await children.stopAll(50);
    expect((await child.exited).signal).toBe('SIGKILL');
    while (identify(grandchild) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('cannot be started once they are being stopped', async () => {
    const { children } = start();
    await children.stopAll(0);
    await expect(children.spawn({ name: 'late', argv: ['true'], env })).rejects.toThrow('being stopped');
  });

  it('that end instead of becoming ready are reported with their last words', async () => {
    const { children } = start();
    const argv = ['sh', '-c', 'echo no such file >&2; exit 3'] as const;
    const child = await children.spawn({ name: 'broken', argv: [...argv], env });
    await expect(awaitReady(child, () => Promise.resolve(false))).rejects.toMatchObject({
      code: 'E_TOOL',
      stderrTail: 'no such file',
    });
  });
});
