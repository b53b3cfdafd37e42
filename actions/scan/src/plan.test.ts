import { describe, expect, it } from '@jest/globals';
import { readGitHubContext } from '../../../toolkit/action/github-context.ts';
import type { Log } from '../../../toolkit/action/log.ts';
import { fakeGitHub } from '../../../toolkit/github/fake-github.ts';
import type { Git } from '../../../toolkit/git/git.ts';
import { planComparison } from './plan.ts';

const base = 'b'.repeat(40);
const inputs = { newOnly: 'auto', base: '', waivers: [] } as const;

const nothing = (): void => undefined;
const log: Log = {
  info: nothing,
  notice: nothing,
  warning: nothing,
  error: nothing,
  debug: nothing,
  raw: nothing,
  group: async (_title, body) => body(),
};

/** A clone whose history cannot be fetched; one commit alone can where `hasCommit`. */
function ports(hasCommit: boolean) {
  const result = { signal: null, stdout: '', stderr: '', ended: 'by-itself', durationMs: 0 } as const;
  const git: Git = {
    dir: '/',
    run: async () => '',
    try: async (command) => ({ ...result, code: command === 'cat-file' && hasCommit ? 0 : 1 }),
    tryRemote: async () => ({ ...result, code: 1 }),
  };
  const pull = { number: 7, base: { sha: base }, head: { sha: 'c'.repeat(40) } };
  const event = { number: 7, pull_request: pull };
  const api = fakeGitHub();
  api.mergeBase = base;
  api.files.set(7, [{ path: 'new.js', status: 'renamed', previousPath: 'old.js' }]);
  return {
    git,
    github: { ...readGitHubContext({}), eventName: 'pull_request', event },
    api,
    signal: new AbortController().signal,
    log,
  };
}

describe('planComparison', () => {
  it('asks GitHub for the merge base where the history cannot be fetched', async () => {
    expect(await planComparison(inputs, ports(true))).toEqual({
      newOnly: true,
      change: { kind: 'known', base, files: [{ path: 'new.js', from: 'old.js', status: 'renamed' }] },
    });
  });

  it('is an error where the base itself cannot be had, because all of it is scanned', async () => {
    await expect(planComparison(inputs, ports(false))).rejects.toMatchObject({
      code: 'E_NO_BASE',
      message: expect.stringContaining(`${base} cannot be fetched`),
    });
  });

  it('does not ask where the base was named', async () => {
    await expect(planComparison({ ...inputs, base: 'main' }, ports(true))).rejects.toMatchObject({
      code: 'E_NO_BASE',
    });
  });
});
