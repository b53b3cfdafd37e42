import { appendFileSync, cpSync, existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const { env } = process;
const target = resolve(env.GITHUB_WORKSPACE, env.INPUT_PATH || '.');
const name = env.INPUT_NAME;
if (name && !existsSync(join(env.RIG_ARTIFACTS, name))) {
  console.log(`::error::Unable to download artifact(s): Artifact not found for name: ${name}`);
  process.exit(1);
}
const merge = env['INPUT_MERGE-MULTIPLE'] === 'true';
for (const each of name ? [name] : readdirSync(env.RIG_ARTIFACTS)) {
  cpSync(join(env.RIG_ARTIFACTS, each), name || merge ? target : join(target, each), { recursive: true });
}
appendFileSync(env.GITHUB_OUTPUT, `download-path=${target}\n`);
