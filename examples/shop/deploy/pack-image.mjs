/**
 * Lays out what a service's image holds, without an engine: node deploy/pack-image.mjs backend OUTDIR
 * OUTDIR gets the files of the service (its "files" list) and a flat node_modules with its production packages.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const readPackage = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** The installed folder of `name` as Node would find it from `from`. */
function findPackage(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (folder === dirname(folder)) throw new Error(`${name} is not installed: run npm ci first`);
  }
}

/** All production packages of a folder, each once: name → { folder, version }. */
function productionPackages(folder, found = new Map()) {
  const { dependencies = {}, optionalDependencies = {} } = readPackage(folder);
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const source = findPackage(name, folder);
    const known = found.get(name);
    if (known && known !== source) throw new Error(`two versions of ${name}: run npm dedupe`);
    if (known) continue;
    found.set(name, source);
    productionPackages(source, found);
  }
  return found;
}

/** Packs one service into an empty or absent folder and returns the names of the packages that went with it. */
export function packImage(service, target) {
  const folder = join(root, 'services', service);
  if (!existsSync(folder))
    throw new Error(`no service ${service}: ${readdirSync(join(root, 'services')).join(', ')}`);
  if (existsSync(target) && readdirSync(target).length > 0) throw new Error(`${target} is not empty`);

  const packages = productionPackages(folder);
  try {
    mkdirSync(join(target, 'node_modules'), { recursive: true });
    for (const name of ['package.json', ...readPackage(folder).files])
      cpSync(join(folder, name), join(target, name), { recursive: true });
    for (const [name, source] of packages)
      cpSync(source, join(target, 'node_modules', name), {
        recursive: true,
        filter: (path) => path === source || basename(path) !== 'node_modules',
      });
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    throw error;
  }
  return [...packages.keys()].sort();
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const [service, target] = process.argv.slice(2);
  if (!service || !target) {
    console.error('usage: node deploy/pack-image.mjs SERVICE OUTDIR');
    process.exit(2);
  }
  const packages = packImage(service, resolve(target));
  console.log(`${service}: packed with ${packages.join(', ')}`);
}
