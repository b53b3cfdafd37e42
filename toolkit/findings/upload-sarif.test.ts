import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UserError } from '../action/errors.ts';
import { neverAborted } from '../action/silent-log.ts';
import type { Log } from '../action/log.ts';
import { fakeClock } from '../clock/fake-clock.ts';
import type { SarifState, SarifUpload } from '../github/github-port.ts';
import { uploadSarifFiles } from './upload-sarif.ts';

let dir: string;
let lines: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gd-upload-'));
  lines = [];
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function upload(states: SarifState[], refuse?: Error) {
  const file = join(dir, 'scan-trivy.sarif');
  writeFileSync(file, '{"version":"2.1.0","runs":[]}');
  const sent: SarifUpload[] = [];
  const clock = fakeClock();
  const say = (level: string) => (message: string) => {
    lines.push(`${level}: ${message}`);
  };
  const log: Log = {
    info: say('info'),
    notice: say('notice'),
    warning: say('warning'),
    error: say('error'),
    debug: say('debug'),
    raw: say('raw'),
    group: (_title, body) => body(),
  };
  const api = {
    uploadSarif: async (one: SarifUpload) => {
      sent.push(one);
      if (refuse !== undefined) throw refuse;
      return 'id';
    },
    getSarifState: async () => states.shift() ?? { state: 'pending' as const, errors: [] },
  };
  const github = { sha: 'a'.repeat(40), ref: 'refs/pull/7/merge' };
  const done = uploadSarifFiles([file], { api, github, clock, log, signal: neverAborted });
  return { done, sent, clock };
}

describe('uploadSarifFiles', () => {
  it('sends the commit and the ref of the run, and waits until it is processed', async () => {
    const { done, sent, clock } = upload([
      { state: 'pending', errors: [] },
      { state: 'complete', errors: [] },
    ]);
    expect(await done).toBe(true);
    expect(sent).toMatchObject([{ commitSha: 'a'.repeat(40), ref: 'refs/pull/7/merge' }]);
    expect(clock.slept).toEqual([1_000]);
    expect(lines).toEqual(['info: scan-trivy.sarif is in code scanning']);
  });

  it('warns when GitHub cannot process it or does not allow it', async () => {
    expect(await upload([{ state: 'failed', errors: ['no runs'] }]).done).toBe(false);
    expect(await upload([], new UserError('E_GITHUB', 'not allowed', 'allow it')).done).toBe(false);
    expect(lines).toEqual([
      expect.stringMatching(/^warning: .*no runs/),
      expect.stringMatching(/^warning: .*not allowed/),
    ]);
  });

  it('does not wait for ever', async () => {
    const { done, clock } = upload([]);
    expect(await done).toBe(true);
    expect(clock.slept).toEqual([1_000, 2_000, 4_000, 8_000]);
  });
});
