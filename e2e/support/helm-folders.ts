import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installTools } from '../../rig/install/install.ts';

export type HelmMajor = 3 | 4;

const tools: Readonly<Record<HelmMajor, string>> = { 3: 'helm3', 4: 'helm' };
const folders = new Map<HelmMajor, Promise<string>>();

/** A folder with this major as `helm`, to be first on PATH. Installed when it is missing. */
export function helmFolder(major: HelmMajor): Promise<string> {
  const found = folders.get(major) ?? link(major);
  folders.set(major, found);
  return found;
}

async function link(major: HelmMajor): Promise<string> {
  const name = tools[major];
  const installed = await installTools([name], { log: (line) => process.stderr.write(`${line}\n`) });
  const folder = mkdtempSync(join(tmpdir(), `gd-helm${major}-`));
  symlinkSync(join(installed.get(name) ?? '', 'helm'), join(folder, 'helm'));
  return folder;
}
