import { describe, expect, it } from '@jest/globals';
import { existsSync, statSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPrivateFolder, removePrivateFolder } from './private-folder.ts';

describe('createPrivateFolder', () => {
  it('makes a folder and files that only this user can read', async () => {
    const folder = await createPrivateFolder('');
    const file = await folder.write('kubeconfig', 'secret');
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toBe('secret');
    await folder.remove();
    expect(existsSync(folder.path)).toBe(false);
  });

  it('never writes through a file or link that is there already', async () => {
    const folder = await createPrivateFolder('');
    const elsewhere = await folder.write('elsewhere', 'untouched');
    symlinkSync(elsewhere, join(folder.path, 'planted'));
    await expect(folder.write('planted', 'secret')).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(elsewhere, 'utf8')).toBe('untouched');
    await folder.remove();
  });

  it('removes twice without complaint, and never the empty path', async () => {
    const folder = await createPrivateFolder('');
    await folder.remove();
    await folder.remove();
    await removePrivateFolder('');
    expect(existsSync('.')).toBe(true);
  });
});
