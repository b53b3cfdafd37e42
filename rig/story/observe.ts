import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ledgerKey, ledgerName, type Ledger } from '../../toolkit/ledger/ledger.ts';
import type { Rig } from '../rig.ts';

const execute = promisify(execFile);

export interface DeployedManifest {
  readonly revision: number;
  /** Of the manifest Helm holds for the revision. */
  readonly manifestSha256: string;
}

interface VirtualService {
  readonly spec: {
    readonly http: readonly {
      readonly route: readonly {
        readonly destination: { readonly subset?: string };
        readonly weight?: number;
      }[];
    }[];
  };
}

/** What the story looks at in the cluster; it never asks the actions. */
export interface Observer {
  /** `kubectl get … -o json`. */
  get(...args: string[]): Promise<unknown>;
  /** Release name → what is deployed of it. */
  releases(namespace: string): Promise<Record<string, DeployedManifest>>;
  /** What the namespace's ConfigMap says. */
  ledger(namespace: string): Promise<Ledger>;
  /** Percent of the traffic that a VirtualService sends to the subset `canary`. */
  canaryShare(namespace: string, router: string): Promise<number>;
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
    releases: async (namespace) => {
      const listed = JSON.parse(await run('helm', 'list', '-n', namespace, '-o', 'json')) as {
        name: string;
        revision: string;
      }[];
      const all: Record<string, DeployedManifest> = {};
      for (const { name, revision } of listed) {
        const manifest = await run(
          'helm',
          ...['get', 'manifest', name, '-n', namespace, '--revision', revision],
        );
        const manifestSha256 = createHash('sha256').update(manifest).digest('hex');
        all[name] = { revision: Number(revision), manifestSha256 };
      }
      return all;
    },
    ledger: async (namespace) => {
      const { data } = (await get('configmap', ledgerName, '-n', namespace)) as {
        data: Record<string, string>;
      };
      return JSON.parse(data[ledgerKey] ?? '') as Ledger;
    },
    canaryShare: async (namespace, router) => {
      const { spec } = (await get('virtualservice', router, '-n', namespace)) as VirtualService;
      const routes = spec.http.flatMap(({ route }) => route);
      return routes.find(({ destination }) => destination.subset === 'canary')?.weight ?? 0;
    },
    claims: async (namespace) => {
      const { items } = (await get('pvc', '-n', namespace)) as {
        items: { metadata: { name: string; uid: string } }[];
      };
      return Object.fromEntries(items.map(({ metadata }) => [metadata.name, metadata.uid]));
    },
  };
}
