import { createHash } from 'node:crypto';
import { tar } from './tar.ts';

/** An image of one layer as `docker save` writes it. */
export function imageArchive(tag: string, files: Readonly<Record<string, string>>): Buffer {
  const created = '2026-01-01T00:00:00Z';
  const layer = tar(files);
  const layerId = sha256(layer);
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    created,
    config: {},
    rootfs: { type: 'layers', diff_ids: [`sha256:${layerId}`] },
    history: [{ created, created_by: 'COPY . /' }],
  });
  const configName = `${sha256(Buffer.from(config))}.json`;
  const manifest = [{ Config: configName, RepoTags: [tag], Layers: [`${layerId}/layer.tar`] }];
  return tar({
    [`${layerId}/layer.tar`]: layer,
    [configName]: config,
    'manifest.json': JSON.stringify(manifest),
  });
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
