import { readGitHubContext } from '../action/github-context.ts';
import { neverAborted } from '../action/silent-log.ts';
import { fakeGitHub } from '../github/fake-github.ts';
import type { Git } from '../git/git.ts';
import type { ChangePorts } from './change-by-api.ts';

/** A pull request in a clone whose history cannot be fetched; its base `base` alone can be where `hasCommit`. */
export function fakeChangePorts(base: string, hasCommit: boolean, api = fakeGitHub()): ChangePorts {
  const result = { signal: null, stdout: '', stderr: '', ended: 'by-itself', durationMs: 0 } as const;
  const git: Git = {
    dir: '/',
    run: async () => '',
    try: async (command) => ({ ...result, code: command === 'cat-file' && hasCommit ? 0 : 1 }),
    tryRemote: async () => ({ ...result, code: 1 }),
  };
  const pull = { number: 7, base: { sha: base }, head: { sha: 'c'.repeat(40) } };
  const event = { number: 7, pull_request: pull };
  const github = { ...readGitHubContext({}), eventName: 'pull_request', event };
  api.mergeBase = base;
  return { git, github, api, signal: neverAborted };
}
