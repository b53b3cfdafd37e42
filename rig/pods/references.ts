import type { KubeClient } from '../kube/client.ts';
import type { References } from './container-env.ts';
import type { ContainerSpec } from './pod.ts';

type Table = Readonly<Record<string, string>>;

/** Reads the ConfigMaps and Secrets a container's variables name. */
export async function loadReferences(
  client: KubeClient,
  namespace: string,
  container: ContainerSpec,
): Promise<References> {
  const { env = [], envFrom = [] } = container;
  const read = async (kind: 'configmaps' | 'secrets', names: readonly (string | undefined)[]) => {
    const tables = new Map<string, Table>();
    for (const name of new Set(names)) {
      if (name === undefined) continue;
      const object = await client.get<{ data?: Table }>(`/api/v1/namespaces/${namespace}/${kind}/${name}`);
      if (object !== undefined) tables.set(name, object.data ?? {});
    }
    return tables;
  };
  const configMaps = await read('configmaps', [
    ...envFrom.map((entry) => entry.configMapRef?.name),
    ...env.map((entry) => entry.valueFrom?.configMapKeyRef?.name),
  ]);
  const secrets = await read('secrets', [
    ...envFrom.map((entry) => entry.secretRef?.name),
    ...env.map((entry) => entry.valueFrom?.secretKeyRef?.name),
  ]);
  return {
    configMap: (name) => configMaps.get(name),
    secret: (name) => {
      const data = secrets.get(name);
      if (data === undefined) return undefined;
      const decode = ([key, value]: [string, string]): [string, string] => [
        key,
        Buffer.from(value, 'base64').toString('utf8'),
      ];
      return Object.fromEntries(Object.entries(data).map(decode));
    },
  };
}
