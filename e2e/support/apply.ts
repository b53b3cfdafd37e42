import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tool } from './rig.ts';

/** Applies objects as Helm does: server-side, and refused where somebody else owns a field. */
export async function applyAsHelm(objects: readonly object[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gd-apply-'));
  try {
    const file = join(folder, 'objects.json');
    await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    await tool('kubectl', ['apply', '--server-side', '--field-manager=helm', '-f', file]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
