import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster, ClusterOptions } from './start-cluster.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Applies the custom resource definitions in all YAML files of installed tools, and waits until they are served. */
export async function applyCrds(
  { tool }: Pick<ClusterOptions, 'tool'>,
  { client }: Pick<Cluster, 'client'>,
  names: readonly string[],
): Promise<void> {
  const documents = names.flatMap((name) => {
    const folder = tool(name, '');
    const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
    return files.flatMap((file) => splitDefinitions(readFileSync(join(folder, file), 'utf8')));
  });
  // As text: the server parses YAML faster than this process would.
  await Promise.all(documents.map(({ name, text }) => client.applyYaml(`${definitions}/${name}`, text)));
  for (const { name } of documents) {
    while (!(await isServed(client, name))) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The definitions in a file of several documents, with their names. */
export function splitDefinitions(text: string): { name: string; text: string }[] {
  return text.split(/^---$/m).flatMap((document) => {
    const name = /^ {2}name: ['"]?([a-z0-9.-]+)/m.exec(document)?.[1];
    return name !== undefined && /^kind: CustomResourceDefinition$/m.test(document)
      ? [{ name, text: document }]
      : [];
  });
}

async function isServed(client: Cluster['client'], name: string): Promise<boolean> {
  const definition = await client.get<{ status?: { conditions?: { type: string; status: string }[] } }>(
    `${definitions}/${name}`,
  );
  const conditions = definition?.status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'Established' && status === 'True');
}
