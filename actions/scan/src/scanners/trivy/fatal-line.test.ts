import { describe, expect, it } from '@jest/globals';
import { fatalLine } from './fatal-line.ts';

describe('fatalLine', () => {
  it('takes the innermost reason of a list', () => {
    const stderr = [
      '2026-06-15T12:00:00Z\tINFO\t[vulndb] Downloading artifact...',
      '2026-06-15T12:00:04Z\tFATAL\tFatal error\trun error: init error: DB error: failed: 1 error occurred:',
      '\t* OCI repository error: 1 error occurred:',
      '\t* GET http://127.0.0.1:1/v2/db/manifests/2: TOOMANYREQUESTS: ',
      '',
    ].join('\n');
    expect(fatalLine({ stderr, code: 1 })).toBe(
      'GET http://127.0.0.1:1/v2/db/manifests/2: TOOMANYREQUESTS (exit code 1)',
    );
  });

  it('takes the line itself when it lists nothing', () => {
    expect(fatalLine({ stderr: 'x\tFATAL\tFatal error\tunknown flag: --x\n', code: 1 })).toBe(
      'unknown flag: --x (exit code 1)',
    );
  });

  it('says that it failed when it said nothing', () => {
    expect(fatalLine({ stderr: '', code: null })).toBe('failed (exit code none)');
  });
});
