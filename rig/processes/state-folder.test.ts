import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { isAlive, type ProcessIdentity } from './process-identity.ts';
import { claimStateFolder, sweepLeftovers } from './state-folder.ts';

/** A program that claims a folder, starts a sleeper in it, says so and waits. */
const owner = `
  const { claimStateFolder } = await import(${JSON.stringify(fileURLToPath(new URL('state-folder.ts', import.meta.url)))});
  const { startChildren } = await import(${JSON.stringify(fileURLToPath(new URL('children.ts', import.meta.url)))});
  const { dir } = await claimStateFolder();
  await startChildren(dir).spawn({ name: 'sleeper', argv: ['sleep', '600'], env: { PATH: process.env.PATH } });
  console.log(dir);
  setInterval(() => undefined, 1000);
`;

async function startOwner(): Promise<{ dir: string; die: () => Promise<void> }> {
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', owner]);
  const died = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const dir = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => {
      resolve(chunk.toString().trim());
    }),
  );
  return {
    dir,
    die: () => {
      child.kill('SIGKILL');
      return died;
    },
  };
}

describe('state folders', () => {
  it('give each rig a network of its own and go when they are released', async () => {
    const [a, b] = [await claimStateFolder(), await claimStateFolder()];
    expect(a.network).not.toBe(b.network);
    expect([a.network, b.network].every((network) => network >= 64 && network <= 127)).toBe(true);
    a.release();
    b.release();
    expect(existsSync(a.dir)).toBe(false);
  });

  it('refuse a folder that holds something', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'state-'));
    writeFileSync(join(dir, 'precious'), '');
    await expect(claimStateFolder(dir)).rejects.toMatchObject({ code: 'E_CONFIG' });
  });

  it('leave nothing behind when their owner is killed', async () => {
    const { dir, die } = await startOwner();
    const [sleeper] = JSON.parse(readFileSync(join(dir, 'processes.json'), 'utf8')) as ProcessIdentity[];
    expect(isAlive(sleeper!)).toBe(true);
    await die();
    // The watchdog does it, or the next start: whichever comes first.
    while (isAlive(sleeper!) || existsSync(dir)) {
      await sweepLeftovers();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(existsSync(dir)).toBe(false);
  });
});
