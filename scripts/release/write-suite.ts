import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stampReferences, type Stamp } from './stamp.ts';

/**
 * Writes what consumers use into an empty `outDir`: the actions with their bundles, the reusable workflows, the front
 * door, with stamped references. Nothing else of the repository goes there. Returns the paths written, relative.
 */
export async function writeSuite(root: string, outDir: string, stamp: Stamp): Promise<string[]> {
  await rm(outDir, { recursive: true, force: true });
  const stamped = [
    ...(await filesIn(root, '.github/workflows', /\.ya?ml$/)),
    ...(await actionFolders(root)).map((folder) => `${folder}/action.yml`),
    'action.yml',
  ];
  const copied = [
    ...(await actionFolders(root)).flatMap((folder) => [`${folder}/dist`, `${folder}/README.md`]),
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
  ];
  const written: string[] = [];
  for (const path of stamped) {
    if (!existsSync(join(root, path))) continue;
    const text = await readFile(join(root, path), 'utf8');
    if (path.startsWith('.github/') && !/^ {2}workflow_call:/m.test(text)) continue;
    await mkdir(dirname(join(outDir, path)), { recursive: true });
    await writeFile(join(outDir, path), stampReferences(text, stamp));
    written.push(path);
  }
  for (const path of copied) {
    if (!existsSync(join(root, path))) continue;
    await cp(join(root, path), join(outDir, path), { recursive: true });
    written.push(path);
  }
  const { name, version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<
    'name' | 'version' | 'license',
    string
  >;
  // The bundles are ES modules: Node learns that from the nearest package.json.
  const manifest = { name, version, license, private: true, type: 'module' };
  await writeFile(join(outDir, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return [...written, 'package.json'].sort();
}

async function actionFolders(root: string): Promise<string[]> {
  const names = await readdir(join(root, 'actions')).catch(() => []);
  return names
    .filter((name) => existsSync(join(root, 'actions', name, 'action.yml')))
    .map((name) => `actions/${name}`);
}

async function filesIn(root: string, folder: string, pattern: RegExp): Promise<string[]> {
  const names = await readdir(join(root, folder)).catch(() => []);
  return names.filter((name) => pattern.test(name)).map((name) => `${folder}/${name}`);
}
