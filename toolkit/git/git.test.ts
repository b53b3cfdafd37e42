import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readGitHubContext } from '../action/github-context.ts';
import { neverAborted } from '../action/silent-log.ts';
import { systemProcess } from '../process/process.ts';
import { changedFiles, parseNameStatus } from './changed-files.ts';
import { baseOf, observeChange, refuseUntrustedHead } from './change.ts';
import { openGit, type Git } from './git.ts';
import { listFiles } from './list-files.ts';
import { mergeBase } from './merge-base.ts';
import { withWorktree } from './worktree.ts';

let dir: string;
const quiet = (): void => undefined;

function git(...args: string[]): string {
  return execFileSync('git', ['-C', dir, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

function open(where = dir): Git {
  return openGit({
    process: systemProcess,
    env: process.env,
    dir: where,
    signal: neverAborted,
  });
}

const oddNames = ['$(id).js', '-rf.js', 'a b.js', 'nl\nname.js', 'ü.js'];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gd-git-'));
  git('init', '-q', '-b', 'main');
  writeFileSync(join(dir, 'a.txt'), 'one\ntwo\nthree\nfour\n');
  git('add', '-A');
  git('commit', '-qm', 'base');
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe('changedFiles', () => {
  it('gives odd names whole and follows renames', async () => {
    const base = git('rev-parse', 'HEAD');
    for (const name of oddNames) writeFileSync(join(dir, name), `${name}\n`);
    renameSync(join(dir, 'a.txt'), join(dir, 'moved to.txt'));
    git('add', '-A');
    git('commit', '-qm', 'head');
    const files = await changedFiles(open(), base, 'HEAD');
    expect(
      files
        .filter((file) => file.status === 'added')
        .map((file) => file.path)
        .sort(),
    ).toEqual([...oddNames].sort());
    expect(files).toContainEqual({ path: 'moved to.txt', from: 'a.txt', status: 'renamed' });
    expect((await listFiles(open())).sort()).toEqual([...oddNames, 'moved to.txt'].sort());
  });

  it('reads deletions and type changes', () => {
    expect(parseNameStatus('D\0gone\0T\0link\0')).toEqual([
      { path: 'gone', status: 'deleted' },
      { path: 'link', status: 'modified' },
    ]);
    expect(parseNameStatus('')).toEqual([]);
  });
});

describe('mergeBase', () => {
  it('deepens a shallow clone until it is known', async () => {
    const base = git('rev-parse', 'HEAD');
    for (let count = 0; count < 60; count += 1) git('commit', '-q', '--allow-empty', '-m', `m${count}`);
    git('checkout', '-q', '-b', 'topic', base);
    git('commit', '-q', '--allow-empty', '-m', 'topic');
    const clone = mkdtempSync(join(tmpdir(), 'gd-clone-'));
    try {
      execFileSync('git', ['clone', '-q', '--depth=1', '--branch=topic', `file://${dir}`, clone]);
      expect(await mergeBase(open(clone), 'main', quiet)).toBe(base);
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  });

  it('is unknown, not empty, when the clone is shallow and its origin is gone', async () => {
    git('commit', '-q', '--allow-empty', '-m', 'second');
    const clone = mkdtempSync(join(tmpdir(), 'gd-clone-'));
    try {
      execFileSync('git', ['clone', '-q', '--depth=1', `file://${dir}`, clone]);
      execFileSync('git', ['-C', clone, 'remote', 'set-url', 'origin', `file://${dir}/nowhere`]);
      const github = { ...readGitHubContext({}), eventName: 'pull_request' };
      const event = { pull_request: { base: { sha: git('rev-parse', 'HEAD~1') } } };
      const change = await observeChange(open(clone), { ...github, event }, '', quiet);
      expect(change.kind).toBe('unknown');
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  });

  it('refuses a base that would be an option', async () => {
    await expect(mergeBase(open(), '--upload-pack=x', quiet)).rejects.toMatchObject({ code: 'E_CONFIG' });
  });
});

describe('withWorktree', () => {
  it('shows the commit as it was and is gone afterwards, also when the body throws', async () => {
    const base = git('rev-parse', 'HEAD');
    writeFileSync(join(dir, 'a.txt'), 'changed\n');
    const beside = `${dir}-base`;
    await expect(
      withWorktree(open(), base, beside, async (where) => {
        expect(existsSync(join(where, 'a.txt'))).toBe(true);
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    expect(existsSync(beside)).toBe(false);
    expect(git('worktree', 'list').split('\n')).toHaveLength(1);
  });

  it('leaves large files out, and names another filter that fails', async () => {
    const lfs = 'if [ "$GIT_LFS_SKIP_SMUDGE" = 1 ]; then cat; else exit 1; fi';
    git('config', 'filter.lfs.smudge', `sh -c '${lfs}'`);
    for (const filter of ['lfs', 'crypt']) {
      git('config', `filter.${filter}.clean`, 'cat');
      git('config', `filter.${filter}.required`, 'true');
    }
    git('config', 'filter.crypt.smudge', 'false');
    writeFileSync(join(dir, '.gitattributes'), '*.bin filter=lfs\n');
    writeFileSync(join(dir, 'large.bin'), 'pointer\n');
    git('add', '-A');
    git('commit', '-qm', 'large');
    const where = join(dir, '..', `${basename(dir)}-base`);
    const read = async (at: string): Promise<string> => readFileSync(join(at, 'large.bin'), 'utf8');
    expect(await withWorktree(open(), git('rev-parse', 'HEAD'), where, read)).toBe('pointer\n');
    writeFileSync(join(dir, '.gitattributes'), '*.bin filter=crypt\n');
    git('commit', '-qam', 'secret');
    await expect(withWorktree(open(), git('rev-parse', 'HEAD'), where, read)).rejects.toThrow(
      "git's filter 'crypt' fails for large.bin",
    );
    expect(git('worktree', 'list').split('\n')).toHaveLength(1);
  });

  it('runs no hook of the repository', async () => {
    mkdirSync(join(dir, '.git/hooks'), { recursive: true });
    const mark = join(dir, 'hook-ran');
    writeFileSync(join(dir, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch '${mark}'\n`, { mode: 0o755 });
    await withWorktree(open(), 'HEAD', `${dir}-base`, async () => undefined);
    expect(existsSync(mark)).toBe(false);
  });
});

describe('baseOf', () => {
  const context = readGitHubContext({});
  it.each([
    ['pull_request', { pull_request: { base: { sha: 'abc' } } }, 'abc'],
    ['merge_group', { merge_group: { base_sha: 'def' } }, 'def'],
    ['push', { before: '1234' }, '1234'],
    ['push', { before: '0000000000000000000000000000000000000000' }, undefined],
    ['schedule', {}, undefined],
  ])('reads the %s event', (eventName, event, expected) => {
    expect(baseOf({ ...context, eventName, event }, '')).toBe(expected);
  });

  it('prefers the input', () => {
    expect(baseOf({ ...context, eventName: 'push', event: { before: '1' } }, 'develop')).toBe('develop');
  });
});

describe('refuseUntrustedHead', () => {
  it('looks into the folder that is read, which may be a checkout of its own', async () => {
    const base = git('rev-parse', 'HEAD');
    const inner = join(dir, 'pr');
    execFileSync('git', ['clone', '-q', dir, inner]);
    execFileSync('git', [
      ...['-C', inner, '-c', 'user.name=t', '-c', 'user.email=t@example.com'],
      ...['commit', '-q', '--allow-empty', '-m', 'head'],
    ]);
    const head = execFileSync('git', ['-C', inner, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
    const github = {
      ...readGitHubContext({ GITHUB_SHA: base }),
      eventName: 'pull_request_target',
      event: { pull_request: { head: { sha: head } } },
    };
    await expect(refuseUntrustedHead(open(), github)).resolves.toBeUndefined();
    await expect(refuseUntrustedHead(open(), github, 'pr')).rejects.toMatchObject({ code: 'E_UNSAFE_EVENT' });
    mkdirSync(join(dir, 'plain'));
    await expect(refuseUntrustedHead(open(), github, 'plain')).resolves.toBeUndefined();
  });

  it('refuses pull_request_target with the head checked out, also as a merge commit', async () => {
    const base = git('rev-parse', 'HEAD');
    git('checkout', '-q', '-b', 'topic');
    git('commit', '-q', '--allow-empty', '-m', 'topic');
    const head = git('rev-parse', 'HEAD');
    const github = {
      ...readGitHubContext({ GITHUB_SHA: base }),
      eventName: 'pull_request_target',
      event: { pull_request: { head: { sha: head } } },
    };
    await expect(refuseUntrustedHead(open(), github)).rejects.toMatchObject({ code: 'E_UNSAFE_EVENT' });
    git('checkout', '-q', 'main');
    await expect(refuseUntrustedHead(open(), github)).resolves.toBeUndefined();
    git('merge', '-q', '--no-ff', '-m', 'merge', 'topic');
    await expect(refuseUntrustedHead(open(), github)).rejects.toMatchObject({ code: 'E_UNSAFE_EVENT' });
  });
});
