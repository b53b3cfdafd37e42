import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageStore } from '../../rig/images/image-store.ts';
import { rig } from './rig.ts';

/** Pushes an image with one script to the rig's registry; a tag that exists moves. */
export async function publishImage(reference: string, script: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gd-image-'));
  writeFileSync(join(folder, 'main.mjs'), script);
  writeFileSync(join(folder, 'image.json'), '{ "command": ["node", "main.mjs"] }');
  await imageStore(join(rig().dir, 'images')).publish(reference, folder);
  rmSync(folder, { recursive: true });
}
