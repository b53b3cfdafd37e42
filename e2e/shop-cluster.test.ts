import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installTools } from '../rig/install/install.ts';
import { eventually } from './support/eventually.ts';
import { helmFolder, type HelmMajor } from './support/helm-folders.ts';
import { parseEntries } from '../toolkit/environments/parse-entries.ts';
import { getObject, kubectl, rig, tool } from './support/rig.ts';
import { environments, parseManifests, renderHelmfile, renderOverlay, shop } from './support/shop.ts';

const charts = readdirSync(join(shop, 'charts'));
const namespace = 'shop-cluster';
const scratch = mkdtempSync(join(tmpdir(), 'gd-shop-cluster-'));

/** Gives manifests to the API server as server-side apply would, without keeping them. */
async function tryToApply(manifests: string, into = namespace): Promise<string[]> {
  const file = join(scratch, 'manifests.yaml');
  writeFileSync(file, manifests);
  const answer = await kubectl('apply', '--server-side', '--dry-run=server', '-n', into, '-f', file);
  return answer.trim().split('\n');
}

beforeAll(async () => {
  await kubectl('create', 'namespace', namespace);
});
afterAll(async () => {
  await kubectl('delete', 'namespace', namespace, '--wait=false');
});

describe.each<HelmMajor>([3, 4])('the charts with helm %i', (major) => {
  it('pass its strict lint and render the same for every environment', async () => {
    const helm = await helmFolder(major);
    const lint = execFileSync(
      join(helm, 'helm'),
      ['lint', '--strict', '--quiet', ...charts.map((chart) => join(shop, 'charts', chart))],
      { env: { ...rig().env }, encoding: 'utf8' },
    );
    expect(lint).toBe('');
    for (const environment of environments)
      expect(await renderHelmfile(environment, { helm })).toBe(await renderHelmfile(environment));
  });
});

describe('the API server', () => {
  it.each(environments)('takes every object of %s', async (environment) => {
    const render = await renderHelmfile(environment, { namespace });
    expect(await tryToApply(render)).toHaveLength(parseManifests(render).length);
  });

  it.each(environments)('takes every object of the overlay of %s', async (environment) => {
    const render = (await renderOverlay(environment)).replaceAll(
      `namespace: ${environment}\n`,
      `namespace: ${namespace}\n`,
    );
    expect(await tryToApply(render)).toHaveLength(parseManifests(render).length);
  });

  it('takes what the monitoring stack mounts', async () => {
    const render = (await tool('kubectl', ['kustomize', join(shop, 'observability')])).replaceAll(
      'namespace: monitoring',
      `namespace: ${namespace}`,
    );
    expect(await tryToApply(render)).toHaveLength(3);
  });
});

it('takes the storage classes that the charts name, which bind when a pod is placed', async () => {
  const text = readFileSync(join(shop, 'cluster/storage-classes.yaml'), 'utf8');
  // The rig has classes of these names already, which stand for the same driver.
  expect(await tryToApply(text.replaceAll('{ name: gp', '{ name: shop-gp'))).toHaveLength(2);
  const classes = parseManifests(text).map(({ metadata }) => metadata.name);
  const named = parseManifests(await renderHelmfile('production')).flatMap(({ spec }) =>
    ((spec as { volumeClaimTemplates?: readonly Claim[] } | undefined)?.volumeClaimTemplates ?? []).map(
      (claim) => claim.spec.storageClassName,
    ),
  );
  // MongoDB's members and their arbiter, Redis, RabbitMQ.
  expect(named).toHaveLength(4);
  expect(classes).toEqual(expect.arrayContaining(named));
});

it('takes the ingress that serves the shop without Istio', async () => {
  const args = ['--selector', 'name=frontend', '--set', 'ingress.enabled=true'];
  const answers = await tryToApply(await renderHelmfile('test', { namespace, args }));
  expect(answers.join('\n')).toContain('ingress.networking.k8s.io/shop serverside-applied');
});

it("takes the project, the Applications and the previews of Argo CD, by Argo CD's own definitions", async () => {
  const tools = await installTools(['argocd-crds'], { log: () => undefined });
  const folder = tools.get('argocd-crds') ?? '';
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  const definitions = files.flatMap((file) => ['--filename', join(folder, file)]);
  // They stay, as those that Argo CD itself brings to this server do: another test may use them by now.
  await kubectl('apply', '--server-side', '--force-conflicts', ...definitions);
  // `kubectl wait` fails on a definition that has no condition yet.
  await eventually(async () => {
    const served = await kubectl('api-resources', '--api-group=argoproj.io', '--output=name');
    return served.trim().split('\n').length >= files.length;
  });
  for (const file of readdirSync(join(shop, 'argocd'))) {
    const text = readFileSync(join(shop, 'argocd', file), 'utf8').replaceAll(
      'namespace: argocd',
      `namespace: ${namespace}`,
    );
    expect([file, await tryToApply(text)]).toEqual([
      file,
      parseManifests(text).map(() => expect.stringMatching(/\.argoproj\.io\/shop.* serverside-applied/)),
    ]);
  }
});

interface Claim {
  readonly spec: { readonly storageClassName: string };
}

describe('the repository keeps in step', () => {
  it('has one file for the placement of pods', () => {
    const texts = charts.map((chart) =>
      readFileSync(join(shop, 'charts', chart, 'templates/_placement.tpl'), 'utf8'),
    );
    expect(new Set(texts).size).toBe(1);
  });

  it('has the kustomize base that its charts render', () => {
    const check = execFileSync(process.execPath, [join(shop, 'deploy/render-base.mjs'), '--check'], {
      env: { ...rig().env, HELM: join(rig().binDir, 'helm') },
      encoding: 'utf8',
    });
    expect(check).toBe('');
  });

  it('names only paths in its Argo CD Applications that exist, each with its own environment', () => {
    const files = readdirSync(join(shop, 'argocd')).filter((name) =>
      /^(dev|test|staging|production)\./.test(name),
    );
    const map = readFileSync(join(shop, '.github/environments.yml'), 'utf8');
    const branches = parseEntries(map, 'environments.yml').flatMap(({ branch }) => branch);
    const seen = files.flatMap((file) =>
      parseManifests(readFileSync(join(shop, 'argocd', file), 'utf8')).flatMap(({ spec }) => {
        const environment = file.replace('.yaml', '');
        const { source, sources, destination, syncPolicy } = spec as unknown as ArgoSpec;
        expect(destination.namespace).toBe(environment);
        // Where the pipeline gates and rolls back, nothing else may sync.
        expect(syncPolicy.automated === undefined).toBe(environment !== 'dev');
        return (sources ?? (source === undefined ? [] : [source])).flatMap(
          ({ path, helm, targetRevision }) => {
            // Git cannot hold a branch `release` beside `release/1.0`, nor can an Application follow a pattern.
            expect(branches).toContain(targetRevision);
            expect(readdirSync(join(shop, path))).not.toHaveLength(0);
            return (helm?.valueFiles ?? []).map((name) => {
              expect(readFileSync(join(shop, path, name), 'utf8')).not.toBe('');
              return { environment, own: name.includes(`/environments/${environment}/`) };
            });
          },
        );
      }),
    );
    expect(seen).toHaveLength(16);
    expect(seen.filter(({ own }) => !own)).toEqual([]);
  });

  it('has alert rules that pass their own tests', async () => {
    const rules = join(shop, 'observability/rules');
    expect(await tool('promtool', ['test', 'rules', join(rules, 'shop.test.yaml')])).toContain('SUCCESS');
    const tested = readFileSync(join(rules, 'shop.test.yaml'), 'utf8');
    const alerts = [...readFileSync(join(rules, 'shop.rules.yaml'), 'utf8').matchAll(/- alert: (\w+)/g)];
    expect(
      alerts.map(([, name]) => name).filter((name) => !tested.includes(`alertname: ${name ?? ''}\n`)),
    ).toEqual([]);
  });
});

interface ArgoSource {
  readonly path: string;
  readonly targetRevision: string;
  readonly helm?: { readonly valueFiles?: readonly string[] };
}

interface ArgoSpec {
  readonly source?: ArgoSource;
  readonly sources?: readonly ArgoSource[];
  readonly destination: { readonly namespace: string };
  readonly syncPolicy: { readonly automated?: unknown };
}

describe('a rollout', () => {
  interface Deployment {
    readonly metadata: { readonly generation: number };
    readonly spec: {
      readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
    };
  }
  const simulated = join(scratch, 'simulated.yaml');
  writeFileSync(simulated, 'podAnnotations: {rig.gated-delivery.dev/run: "false"}\n');
  const deploy = async (version: string, ...args: string[]): Promise<void> => {
    await tool(
      'helmfile',
      [
        ...['--quiet', '--environment', 'test', '--namespace', namespace, '--selector', 'tier=stateless'],
        ...['sync', '--skip-needs', '--set', `version=${version}`, ...args],
        // Simulated pods do: what is looked at are the objects.
        ...['--values', simulated],
      ],
      { cwd: shop },
    );
  };
  const image = async (name: string): Promise<string | undefined> =>
    (await getObject<Deployment>('deployment', name, '-n', namespace)).spec.template.spec.containers[0]
      ?.image;
  const names = async (): Promise<string> =>
    kubectl('get', 'deployments', '-n', namespace, '-o', 'jsonpath={.items[*].metadata.name}');
  const setting = async (name: string): Promise<string> =>
    kubectl('get', 'configmap', name, '-n', namespace, '-o', 'jsonpath={.data.FAULT_ERROR_RATE}');

  it('gives a canary what the commit says and leaves stable as it runs, until it is promoted', async () => {
    await deploy('one');
    const before = (await getObject<Deployment>('deployment', 'shop-backend', '-n', namespace)).metadata
      .generation;

    await deploy('two', '--values', 'deploy/canary-values.yaml');
    expect(await names()).toBe('shop-backend shop-backend-canary shop-frontend');
    expect(await image('shop-backend')).toMatch(/:one$/);
    expect(await image('shop-frontend')).toMatch(/:one$/);
    expect(await image('shop-backend-canary')).toMatch(/:two$/);
    const held = await getObject<Deployment>('deployment', 'shop-backend', '-n', namespace);
    expect(held.metadata.generation).toBe(before);

    await deploy('two', '--values', 'deploy/promote-values.yaml');
    expect(await names()).toBe('shop-backend shop-frontend');
    expect(await image('shop-backend')).toMatch(/:two$/);
    expect(await image('shop-frontend')).toMatch(/:two$/);
  });

  it('keeps a fault of the commit with the canary', async () => {
    await deploy('three', '--values', 'deploy/canary-values.yaml', '--set', 'faults.errorRate=0.03');
    expect(await setting('shop-backend')).toBe('0');
    expect(await setting('shop-backend-canary')).toBe('0.03');
  });

  it('refuses a value that no chart knows', async () => {
    await expect(deploy('four', '--set', 'faults.errorRate=3%')).rejects.toThrow(/'3%' does not match/);
  });
});
