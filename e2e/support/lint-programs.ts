/** Linters that are no dependency of this project, installed once from their registries and kept in the rig's cache. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toolFolder } from '../../rig/install/cache-folder.ts';

const npmPackages = {
  '@biomejs/biome': '2.6.8',
  oxlint: '1.94.0',
  '@microsoft/sarif-multitool': '5.7.0',
  '@yarnpkg/cli-dist': '4.18.1',
} as const;
const pythonPackages = { ruff: '0.17.6', black: '26.10.1' } as const;

/** `node_modules` with exactly this package. */
export function npmProgram(name: keyof typeof npmPackages): string {
  const version = npmPackages[name];
  const folder = install(name.replaceAll(/[@/]/g, '-').replace(/^-/, ''), version, (dir) => {
    writeFileSync(join(dir, 'package.json'), '{ "private": true }\n');
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--loglevel=error'];
    execFileSync('npm', ['install', ...options, `${name}@${version}`], { cwd: dir, stdio: 'inherit' });
  });
  return join(folder, 'node_modules');
}

/** Folder with the commands `ruff` and `black`. */
export function pythonPrograms(): string {
  const version = Object.values(pythonPackages).join('-');
  const folder = install('ruff-black', version, (dir) => {
    const wanted = Object.entries(pythonPackages).map(([name, exact]) => `${name}==${exact}`);
    const target = ['--quiet', '--target', join(dir, 'lib')];
    execFileSync('python3', ['-m', 'pip', 'install', ...target, ...wanted], { stdio: 'inherit' });
    mkdirSync(join(dir, 'bin'));
    for (const name of Object.keys(pythonPackages)) {
      const script = `#!/bin/sh\nPYTHONPATH="$(dirname "$0")/../lib" exec python3 -m ${name} "$@"\n`;
      writeFileSync(join(dir, 'bin', name), script, { mode: 0o755 });
    }
  });
  return join(folder, 'bin');
}

/** All of them, for a run that is about to begin. */
export function installLintPrograms(): void {
  for (const name of Object.keys(npmPackages)) npmProgram(name as keyof typeof npmPackages);
  pythonPrograms();
}

/** A folder under its final name is complete: it is made beside and then renamed, unless another test was faster. */
function install(name: string, version: string, make: (dir: string) => void): string {
  const folder = toolFolder({ name, version });
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  try {
    make(made);
    if (!existsSync(folder)) renameSync(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return folder;
}
