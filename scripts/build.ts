/** Bundles the actions: tsc removes the types, ncc makes one file of each action. `npm run build [-- name…]` */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds into `outRoot/actions/<name>/dist`; the default is the repository itself. */
export function build(names: readonly string[], outRoot = root): void {
  mkdirSync(join(root, 'build'), { recursive: true });
  const work = mkdtempSync(join(root, 'build/work-'));
  try {
    // Types are checked by `npm run typecheck`; here they are only removed.
    node('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', work], root);
    // Node finds "type": "module" here, and ncc finds the dependencies above.
    writeFileSync(join(work, 'package.json'), '{"type":"module"}\n');
    for (const name of names) bundle(name, work, outRoot);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function bundle(name: string, work: string, outRoot: string): void {
  const entry = join(work, 'actions', name, 'src/index.js');
  const out = join(work, 'bundles', name);
  node('@vercel/ncc/dist/ncc/cli.js', ['build', entry, '-o', out, '--license', 'licenses.txt', '-q'], work);
  const dist = join(outRoot, 'actions', name, 'dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  cpSync(out, dist, { recursive: true });
  process.stdout.write(`built actions/${name}/dist\n`);
}

function node(script: string, args: readonly string[], cwd: string): void {
  execFileSync(process.execPath, [join(root, 'node_modules', script), ...args], { cwd, stdio: 'inherit' });
}

/** Every folder of actions/ that has an entry point. */
export function actionNames(): string[] {
  return readdirSync(join(root, 'actions')).filter((name) =>
    existsSync(join(root, 'actions', name, 'src/index.ts')),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2);
  build(named.length > 0 ? named : actionNames());
}
