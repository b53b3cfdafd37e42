import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { browserPrograms, ensurePrograms, isOnPath, missingPackages } from './system-programs.ts';

describe('programs of the system', () => {
  it('are looked for on the PATH, and must be executable', () => {
    const folder = mkdtempSync(join(tmpdir(), 'path-'));
    writeFileSync(join(folder, 'program'), '');
    const path = ['/nowhere', folder].join(delimiter);
    expect(isOnPath('program', path)).toBe(false);
    chmodSync(join(folder, 'program'), 0o755);
    expect(isOnPath('program', path)).toBe(true);
  });

  it('name the packages that are missing', () => {
    expect(missingPackages(browserPrograms, () => false)).toEqual(['chromium', 'chromium-driver']);
    expect(missingPackages(browserPrograms, (program) => program === 'chromium')).toEqual([
      'chromium-driver',
    ]);
  });

  it('are left alone when they are there', async () => {
    const lines: string[] = [];
    await ensurePrograms({ sh: 'dash' }, { log: (line) => lines.push(line) });
    expect(lines).toEqual([]);
  });
});
