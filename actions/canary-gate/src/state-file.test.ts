import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateFile, type WatchState } from './state-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gate-state-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const state: WatchState = {
  version: 1,
  fingerprint: 'mine',
  sinceMs: 5,
  steps: [{ weight: 5, atMs: 6 }],
  decided: false,
};

describe('stateFile', () => {
  it('gives back what was saved, in a folder that did not exist', async () => {
    const file = stateFile(join(folder, 'deep'), 'mine');
    expect(await file.load()).toBeUndefined();
    await file.save(state);
    expect(await file.load()).toEqual(state);
  });

  it.each([
    ['of another gate', JSON.stringify({ ...state, fingerprint: 'other' })],
    ['that has its verdict', JSON.stringify({ ...state, decided: true })],
    ['that was cut off', JSON.stringify(state).slice(0, 40)],
    ['of another shape', '{"version":1,"fingerprint":"mine"}'],
  ])('ignores a state %s', async (_, text) => {
    writeFileSync(join(folder, 'state.json'), text);
    expect(await stateFile(folder, 'mine').load()).toBeUndefined();
  });
});
