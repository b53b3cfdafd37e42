import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnv } from '../../toolkit/process/child-env.ts';
import type { Cluster, ClusterOptions } from '../cluster/start-cluster.ts';
import { answersOk, awaitReady } from '../processes/await-ready.ts';
import type { Children } from '../processes/children.ts';
import { scrapeConfig } from './config.ts';

/** Starts the rig's Prometheus; resolves with its URL when it answers queries. */
export async function startPrometheus(
  options: ClusterOptions,
  cluster: Cluster,
  { gateway }: { readonly gateway: boolean },
): Promise<{ url: string }> {
  const { dir, addresses, children, tool } = options;
  const { host, port } = addresses;
  const rules = join(dir, 'prometheus/rules');
  mkdirSync(rules, { recursive: true });
  const url = await runPrometheus({
    children,
    program: tool('prometheus'),
    host,
    port: port('prometheus'),
    folder: join(dir, 'prometheus'),
    config: scrapeConfig({
      kubeconfig: cluster.kubeconfig,
      rules,
      envoy: gateway ? `${host}:${port('envoyAdmin')}` : undefined,
    }),
  });
  return { url };
}

/** Runs a Prometheus on `folder/data` until its children are stopped; resolves with its URL when it is ready. */
export async function runPrometheus(options: {
  readonly children: Children;
  readonly program: string;
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  readonly config: unknown;
  /** Flags beside those that every Prometheus of the rig has. */
  readonly flags?: readonly string[];
}): Promise<string> {
  const { children, program, host, port, folder, config, flags = [] } = options;
  const file = join(folder, 'prometheus.json');
  mkdirSync(folder, { recursive: true });
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config, null, 2));
  const child = await children.spawn({
    name: 'prometheus',
    argv: [
      program,
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      // History loaded for a replay may be of any age.
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=${host}:${port}`,
      '--web.enable-lifecycle',
      '--log.level=warn',
      ...flags,
    ],
    env: childEnv(process.env, 'plain'),
    cwd: folder,
  });
  const url = `http://${host}:${port}`;
  await awaitReady(child, () => answersOk(`${url}/-/ready`));
  return url;
}
