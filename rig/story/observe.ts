import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Rig } from '../rig.ts';

const execute = promisify(execFile);

/** What the story looks at in the cluster; it never asks the actions. */
export interface Observer {
  /** `kubectl get … -o json`. */
  get(...args: string[]): Promise<unknown>;
  /** Deployed revision and sha256 of the manifest Helm holds for it. */
  release(namespace: string, name: string): Promise<{ revision: number; manifestSha256: string }>;
  /** Claim name → UID, of all claims in the namespace. */
  claims(namespace: string): Promise<Record<string, string>>;
}

export function observer(rig: Rig): Observer {
  const run = async (tool: string, ...args: string[]): Promise<string> => {
    const { stdout } = await execute(join(rig.binDir, tool), args, {
      env: rig.env,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  };
  const get = async (...args: string[]): Promise<unknown> =>
    JSON.parse(await run('kubectl', 'get', ...args, '-o', 'json')) as unknown;
  return {
    get,
    release: async (namespace, name) => {
      const list = JSON.parse(await run('helm', 'history', name, '-n', namespace, '-o', 'json')) as {
        revision: number;
        status: string;
      }[];
      const current = list.findLast(({ status }) => status === 'deployed');
      if (current === undefined) throw new Error(`release ${name} is not deployed in ${namespace}`);
      const manifest = await run(
        'helm',
        'get',
        'manifest',
        name,
        '-n',
        namespace,
        '--revision',
        String(current.revision),
      );
      return {
        revision: current.revision,
        manifestSha256: createHash('sha256').update(manifest).digest('hex'),
      };
    },
    claims: async (namespace) => {
      const { items } = (await get('pvc', '-n', namespace)) as {
        items: { metadata: { name: string; uid: string } }[];
      };
      return Object.fromEntries(items.map(({ metadata }) => [metadata.name, metadata.uid]));
    },
  };
}
