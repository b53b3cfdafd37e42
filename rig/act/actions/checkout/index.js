import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

const { env } = process;
const repository = env.INPUT_REPOSITORY || env.GITHUB_REPOSITORY;
if (repository !== env.GITHUB_REPOSITORY) {
  console.log(`::error::the rig has no repository ${repository}, only ${env.GITHUB_REPOSITORY}`);
  process.exit(1);
}
const folder = resolve(env.GITHUB_WORKSPACE, env.INPUT_PATH || '.');
const depth = Number(env['INPUT_FETCH-DEPTH'] || '1');
const wanted = env.INPUT_REF || env.GITHUB_SHA;
const git = (...args) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();

mkdirSync(folder, { recursive: true });
git('init', '--quiet');
git('remote', 'add', 'origin', `file://${env.RIG_ORIGIN}`);
const limit = depth > 0 ? [`--depth=${depth}`] : [];
if (depth === 0) git('fetch', '--quiet', '--tags', 'origin', '+refs/heads/*:refs/remotes/origin/*');
git('fetch', '--quiet', '--no-tags', ...limit, 'origin', wanted);
const commit = git('rev-parse', 'FETCH_HEAD^{commit}');
const branch = /^refs\/heads\/(.+)$/.exec(env.INPUT_REF || env.GITHUB_REF)?.[1];
if (branch && (!env.INPUT_REF || env.INPUT_REF === env.GITHUB_REF)) {
  git('checkout', '--quiet', '--force', '-B', branch, commit);
  git('update-ref', `refs/remotes/origin/${branch}`, commit);
} else git('checkout', '--quiet', '--force', '--detach', commit);
appendFileSync(env.GITHUB_OUTPUT, `ref=${wanted}\ncommit=${commit}\n`);
console.log(`checked out ${commit}`);
