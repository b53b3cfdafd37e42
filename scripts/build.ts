/** Bundles the actions: tsc emits JavaScript to build/, ncc makes one file of each action. `npm run build [name…]` */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds into `outRoot/actions/<name>/dist`; the default is the repository itself. */
export function build(names: readonly string[], outRoot = root): void {
  rmSync(join(root, 'build'), { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  // Node finds "type": "module" and ncc finds the dependencies from here.
  writeFileSync(join(root, 'build/package.json'), '{"type":"module"}\n');
  for (const name of names) {
    const entry = join(root, 'build/actions', name, 'src/index.js');
    const out = join(root, 'build/bundles', name);
    execFileSync(
      process.execPath,
      [
        join(root, 'node_modules/@vercel/ncc/dist/ncc/cli.js'),
        'build',
        entry,
        '-o',
        out,
        '--license',
        'licenses.txt',
        '-q',
      ],
      { cwd: root, stdio: 'inherit' },
    );
    const dist = join(outRoot, 'actions', name, 'dist');
    rmSync(dist, { recursive: true, force: true });
    mkdirSync(dist, { recursive: true });
    cpSync(out, dist, { recursive: true });
    process.stdout.write(`built actions/${name}/dist\n`);
  }
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
