import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../action/errors.ts';
import { fakeGitHub } from '../github/fake-github.ts';
import { changeByApi, type ChangePorts } from './change-by-api.ts';
import { fakeChangePorts } from './fake-change-ports.ts';

const sha = 'b'.repeat(40);

const ports = (hasCommit: boolean, api = fakeGitHub()): ChangePorts => fakeChangePorts(sha, hasCommit, api);

describe('changeByApi', () => {
  it('takes files, renames and merge base from GitHub', async () => {
    const api = fakeGitHub();
    api.files.set(7, [
      { path: 'new name.js', status: 'renamed', previousPath: 'old.js' },
      { path: 'copy.js', status: 'copied', previousPath: 'old.js' },
      { path: 'gone.js', status: 'removed', previousPath: undefined },
      { path: 'mode.sh', status: 'changed', previousPath: undefined },
    ]);
    expect(await changeByApi(ports(true, api))).toEqual({
      hasBase: true,
      change: {
        kind: 'known',
        base: sha,
        files: [
          { path: 'new name.js', from: 'old.js', status: 'renamed' },
          { path: 'copy.js', status: 'added' },
          { path: 'gone.js', status: 'deleted' },
          { path: 'mode.sh', status: 'modified' },
        ],
      },
    });
  });

  it('says when the base cannot be had', async () => {
    expect(await changeByApi(ports(false))).toMatchObject({ hasBase: false, change: { kind: 'known' } });
  });

  it('takes a list that GitHub cut for no list', async () => {
    const api = { ...fakeGitHub(), listPullRequestFiles: async () => ({ files: [], complete: false }) };
    const asked = await changeByApi({ ...ports(true), api });
    expect(asked.change).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('lists only') });
  });

  it('tells why GitHub could not say', async () => {
    const api = fakeGitHub();
    api.failure = new ApiError('E_GITHUB', 'does not answer', { status: 0 });
    const asked = await changeByApi(ports(true, api));
    expect(asked.change).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('not answer') });
    const without = await changeByApi({ ...ports(true), api: undefined });
    expect(without.change).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('no token') });
  });
});
