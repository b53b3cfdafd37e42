/** A consumer's repository made for one test: files, commits and installed packages. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './run-bundle.ts';

export interface Consumer {
  readonly dir: string;
  /** Writes files and commits them; gives the commit. */
  commit(files: Readonly<Record<string, string>>, message?: string): string;
  git(...args: string[]): string;
  /** Puts a package of this project's own node_modules into the consumer's, under the name it is used by. */
  install(name: string, from?: string, folder?: string): void;
  /** Payload of a pull request from the last commit on HEAD into `base`. */
  pullRequest(base: string): { name: string; payload: unknown };
  remove(): void;
}

export function makeConsumer(): Consumer {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'gd-consumer-')));
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=octocat', '-c', 'user.email=o@example.com', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  git('init', '-q', '-b', 'main');
  return {
    dir,
    git,
    commit(files, message = 'change') {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(dir, path)), { recursive: true });
        writeFileSync(join(dir, path), text);
      }
      git('add', '-A');
      git('commit', '-q', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    install(name, from = name, folder = '.') {
      const link = join(dir, folder, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(root, 'node_modules', from), link, 'dir');
    },
    pullRequest: (base) => ({
      name: 'pull_request',
      payload: {
        number: 7,
        pull_request: {
          number: 7,
          base: { sha: base, ref: 'main' },
          head: { sha: git('rev-parse', 'HEAD') },
        },
      },
    }),
    remove() {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
