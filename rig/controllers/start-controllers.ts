import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnv } from '../../toolkit/process/child-env.ts';
import type { KubeAccess } from '../kube/client.ts';
import { awaitReady } from '../processes/await-ready.ts';
import type { ClusterOptions } from '../cluster/start-cluster.ts';
import type { ControllerSettings } from './settings.ts';

/** Starts the controllers' process; resolves when it watches. */
export async function startControllers(
  { dir, addresses, children }: Pick<ClusterOptions, 'dir' | 'addresses' | 'children'>,
  access: KubeAccess,
  { istio }: { readonly istio: boolean },
): Promise<void> {
  const readyFile = join(dir, 'controllers.ready');
  const settings: ControllerSettings = {
    dir,
    access,
    readyFile,
    prefix: addresses.prefix,
    kubeletPort: addresses.port('kubelet'),
    istio,
  };
  const settingsFile = join(dir, 'controllers.json');
  writeFileSync(settingsFile, JSON.stringify(settings), { mode: 0o600 });
  const child = await children.spawn({
    name: 'controllers',
    argv: [process.execPath, fileURLToPath(new URL('controllers.ts', import.meta.url)), settingsFile],
    env: childEnv(process.env, 'plain'),
  });
  await awaitReady(child, () => Promise.resolve(existsSync(readyFile)), { everyMs: 30 });
}
