import { appendFileSync, cpSync, existsSync, globSync, mkdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';

const { env } = process;
const fail = (message) => {
  console.log(`::error::${message}`);
  process.exit(1);
};
const name = env.INPUT_NAME;
if (/["<>|*?\r\n\\/:]/.test(name)) fail(`the artifact name ${JSON.stringify(name)} is not allowed`);
const target = join(env.RIG_ARTIFACTS, name);
if (existsSync(target) && env.INPUT_OVERWRITE !== 'true') fail(`an artifact named ${name} exists already`);

const patterns = env.INPUT_PATH.split('\n')
  .map((line) => line.trim())
  .filter(Boolean);
const workspace = env.GITHUB_WORKSPACE;
const files = patterns.flatMap((pattern) => {
  const path = resolve(workspace, pattern);
  return existsSync(path) ? [path] : globSync(path);
});
if (files.length === 0) {
  const message = `no files were found: ${patterns.join(', ')}`;
  if (env['INPUT_IF-NO-FILES-FOUND'] === 'error') fail(message);
  if (env['INPUT_IF-NO-FILES-FOUND'] !== 'ignore') console.log(`::warning::${message}`);
} else {
  mkdirSync(target, { recursive: true });
  for (const path of files) {
    const single = files.length === 1;
    const inside = relative(workspace, path);
    const to = single || inside.startsWith('..') ? basename(path) : inside;
    cpSync(path, single && statSync(path).isDirectory() ? target : join(target, to), { recursive: true });
  }
  console.log(`uploaded ${name}`);
}
appendFileSync(env.GITHUB_OUTPUT, 'artifact-id=1\n');
