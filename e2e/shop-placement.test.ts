/** The three pools of nodes, tainted as the example's README says: each pod of production finds its own and no other. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from './support/eventually.ts';
import { kubectl } from './support/rig.ts';
import { parseManifests, renderHelmfile } from './support/shop.ts';

const namespace = 'shop-placement';
const pools = ['stateless', 'stateful', 'tools'];
const folder = mkdtempSync(join(tmpdir(), 'gd-placement-'));

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<'affinity' | 'tolerations' | 'topologySpreadConstraints', unknown>>;
}

interface Owner {
  readonly template?: Template;
  readonly jobTemplate?: { readonly spec: { readonly template: Template } };
}

/** A pod that is placed like the template's, and else as small as can be. */
function podOf(name: string, { metadata, spec }: Partial<Template>): object {
  const { affinity, tolerations, topologySpreadConstraints } = spec ?? {};
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: metadata?.labels } },
    spec: { affinity, tolerations, topologySpreadConstraints, containers: [{ name: 'a', image: 'a:1' }] },
  };
}

beforeAll(async () => {
  await kubectl('create', 'namespace', namespace);
  for (const pool of pools) await kubectl('taint', 'nodes', '-l', `pool=${pool}`, `pool=${pool}:NoSchedule`);
});
afterAll(async () => {
  await kubectl('taint', 'nodes', '-l', `pool in (${pools.join(', ')})`, 'pool:NoSchedule-');
  await kubectl('delete', 'namespace', namespace, '--wait=false');
  rmSync(folder, { recursive: true });
});

it('places each pod of production in its pool, and none that does not belong to one', async () => {
  const pods = parseManifests(await renderHelmfile('production')).flatMap(({ kind, metadata, spec }) => {
    const owner = spec as Owner | undefined;
    const template = owner?.template ?? owner?.jobTemplate?.spec.template;
    return template === undefined ? [] : [podOf(`${kind.toLowerCase()}-${metadata.name}`, template)];
  });
  expect(pods.length).toBeGreaterThan(5);
  const file = join(folder, 'pods.json');
  const items = [...pods, podOf('stranger', {})];
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await kubectl('create', '-f', file);

  const placed = async (): Promise<Record<string, string>> => {
    const columns = '{range .items[*]}{.metadata.name} {.spec.nodeName}{"\\n"}{end}';
    const lines = await kubectl('get', 'pods', '-n', namespace, '-o', `jsonpath=${columns}`);
    return Object.fromEntries(
      lines
        .trim()
        .split('\n')
        .map((line) => {
          const [name = '', node = ''] = line.split(' ');
          return [name, node];
        }),
    );
  };
  await eventually(
    async () => Object.entries(await placed()).every(([name, node]) => name === 'stranger' || node !== ''),
    60_000,
  );
  for (const [name, node] of Object.entries(await placed())) {
    const pool = /backend|frontend/.test(name)
      ? 'stateless'
      : name.includes('snapshot')
        ? 'tools'
        : 'stateful';
    expect([name, node]).toEqual([name, name === 'stranger' ? '' : expect.stringMatching(`^${pool}-`)]);
  }
});
