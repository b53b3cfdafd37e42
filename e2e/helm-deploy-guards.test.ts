import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startGitHub, type GitHubStandIn } from '../rig/github/github.ts';
import { bundleHistory } from '../toolkit/kustomize/bundle-store.ts';
import { app, withSite, type DeploySite } from './support/deploy-site.ts';
import { eventually } from './support/eventually.ts';

const set = (name: string, storage: string): string => `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ${name}}
spec:
  serviceName: ${name}
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers: [{name: main, image: "mongo:7"}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: ${storage}}}}
`;

/** Everything a refused deploy could have changed. */
async function state(site: DeploySite): Promise<string> {
  const objects = await site.kubernetes.list({
    resources: ['statefulsets.apps', 'deployments.apps', 'secrets', 'configmaps'],
    namespace: site.namespace,
  });
  // The status of a workload goes on by itself; its generation is that of what was asked for.
  return objects
    .map(
      ({ kind, metadata: { name, generation, resourceVersion = '' } }) =>
        `${kind}/${name}@${generation ?? resourceVersion}`,
    )
    .join();
}

describe('what a deploy refuses', () => {
  let github: GitHubStandIn;
  beforeAll(async () => {
    github = await startGitHub({ repositories: { 'example/shop': {} } });
  });
  afterAll(() => github.stop());

  it.each([3, 4] as const)(
    'a changed volume claim template, before anything changes, with helm %i',
    (major) =>
      withSite('claims', major, async (site) => {
        site.chart(set('db', '1Gi'));
        await site.helm('upgrade', '--install', 'app', './chart', '--create-namespace');
        const before = await state(site);
        site.chart(set('db', '2Gi'));
        const refused = await site.deploy();
        expect(refused.code).toBe(1);
        expect(refused.errors.join()).toContain('spec.volumeClaimTemplates');
        expect(await state(site)).toBe(before);
      }),
  );

  it.each([3, 4] as const)(
    'a release larger than a Secret, before any object changes, with helm %i',
    (major) =>
      withSite('big', major, async (site) => {
        site.chart(app('1'));
        expect((await site.deploy()).errors).toEqual([]);
        const before = await state(site);
        site.chart(app('2'));
        writeFileSync(join(site.folder, 'chart/large.bin'), randomBytes(1_000_000));
        const refused = await site.deploy();
        expect(refused.errors.join()).toContain('E_RELEASE_TOO_BIG');
        expect(await state(site)).toBe(before);
        // What it foresees is what Helm runs into.
        await expect(site.helm('upgrade', 'app', './chart')).rejects.toThrow(/Too long|too large|1048576/i);
        // A chart that is fetched is measured too.
        await site.helm('package', './chart');
        const archive = readFileSync(join(site.folder, 'app-1.0.0.tgz'));
        const server = createServer((_, response) => response.end(archive)).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const chart = `http://127.0.0.1:${(server.address() as AddressInfo).port}/app-1.0.0.tgz`;
        const remote = await site.deploy({ chart });
        server.close();
        expect(remote.errors.join()).toContain('E_RELEASE_TOO_BIG');
        expect(await state(site)).toBe(before);
        // Large files that shrink are no reason to refuse.
        writeFileSync(join(site.folder, 'chart/large.bin'), 'a'.repeat(2_000_000));
        expect((await site.deploy()).errors).toEqual([]);
      }),
  );

  it('an environment that has no reviewers though the map promises them', () =>
    withSite('gate', 4, async (site) => {
      site.chart(app('1'));
      const gated = (): ReturnType<DeploySite['deploy']> =>
        site.deploy(
          {
            environments: `- {branch: main, environment: live, namespace: ${site.namespace}, gate: required}`,
            'github-token': github.token,
          },
          { env: { GITHUB_API_URL: github.url } },
        );
      expect((await gated()).errors.join()).toContain('E_GATE_MISSING');
      const environment = {
        id: 7,
        name: 'live',
        waitTimerMinutes: 0,
        reviewers: [] as { type: 'User' | 'Team'; name: string; id: number }[],
        preventSelfReview: false,
        branchPolicy: undefined,
      };
      github.state.repository('example/shop').environments.set('live', environment);
      expect((await gated()).errors.join()).toContain('E_GATE_MISSING');
      expect(await site.kubernetes.get({ resource: 'namespaces', name: site.namespace })).toBeUndefined();
      environment.reviewers.push({ type: 'User', name: 'octocat', id: 1 });
      const allowed = await gated();
      expect(allowed.errors).toEqual([]);
      expect(allowed.log).not.toContain('status could not be set');
      expect(github.violations).toEqual([]);
    }));

  it('a preview that is not its own; its own it removes, twice without complaint', () =>
    withSite('preview', 4, async (site) => {
      site.chart(app('1'));
      const environments = `- {branch: 'f/*', environment: 'preview/{slug}', namespace: '${site.namespace.slice(0, 30)}-{slug}', preview: true, ttl: 1h}`;
      const event = { name: 'delete', payload: { ref: 'f/a b', ref_type: 'branch' } };
      // Somebody else's namespace of that name, without any label: it is not touched, however often it is asked for.
      const plan = await site.deploy({ environments, branch: 'f/a b', 'dry-run': 'true' });
      const foreigner = { resource: 'namespaces', name: plan.outputs.namespace ?? '' };
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: foreigner.name } };
      const { uid } = (await site.kubernetes.create(namespace)).metadata;
      for (let time = 0; time < 2; time += 1) {
        expect((await site.deploy({ environments }, { event })).errors.join()).toMatch(/^E_OWNERSHIP: /);
        const { metadata } = (await site.kubernetes.get(foreigner)) ?? {};
        expect(metadata).toMatchObject({ uid });
        expect(metadata).not.toHaveProperty('deletionTimestamp');
      }
      await site.kubernetes.delete(foreigner);
      await eventually(async () => (await site.kubernetes.get(foreigner)) === undefined);

      const deployed = await site.deploy({ environments, branch: 'f/a b' });
      expect(deployed.errors).toEqual([]);
      const name = deployed.outputs.namespace ?? '';
      const ref = { resource: 'namespaces', name };

      const label = 'gated-delivery.dev/branch';
      const own = (await site.kubernetes.get(ref))?.metadata.labels?.[label];
      await site.kubernetes.patch(ref, { metadata: { labels: { [label]: 'other' } } }, { type: 'merge' });
      const foreign = await site.deploy({ environments }, { event });
      expect(foreign.errors.join()).toContain('E_OWNERSHIP');
      expect((await site.kubernetes.get(ref))?.metadata.deletionTimestamp).toBeUndefined();

      await site.kubernetes.patch(ref, { metadata: { labels: { [label]: own } } }, { type: 'merge' });
      const early = await site.deploy({ environments, 'preview-sweep': 'true' });
      expect(early.errors).toEqual([]);
      expect((await site.kubernetes.get(ref))?.metadata.deletionTimestamp).toBeUndefined();
      const removed = await site.deploy({ environments }, { event });
      expect(removed.errors).toEqual([]);
      expect(removed.outputs).toMatchObject({ changed: 'true', namespace: name });
      const twice = await site.deploy({ environments }, { event });
      expect(twice.errors).toEqual([]);
      expect(twice.outputs).toMatchObject({ changed: 'false' });
    }));

  it('nothing of what a branch is called, and runs none of it', () =>
    withSite('names', 4, async (site) => {
      site.chart(app('1'));
      const mark = join(site.folder, 'executed');
      const prefix = site.namespace.slice(0, 30);
      const environments = `- {branch: '**', environment: 'preview/{slug}', namespace: '${prefix}-{slug}', preview: true}`;
      const names = [
        `$(touch ${mark})`,
        `a;touch ${mark}`,
        `\`touch ${mark}\``,
        '1e3',
        'a..',
        'x'.repeat(244),
      ];
      const namespaces = new Set<string>();
      for (const branch of names) {
        const result = await site.deploy({ environments, branch, 'dry-run': 'true' });
        expect(result.errors).toEqual([]);
        expect(result.outputs.namespace).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
        namespaces.add(result.outputs.namespace ?? '');
      }
      expect(namespaces.size).toBe(names.length);
      expect(existsSync(mark)).toBe(false);
    }));

  it('an overlay for another namespace; its own it applies, prunes and records as a bundle', () =>
    withSite('overlay', 4, async (site) => {
      const overlay = (version: string, resources: string, namespace = site.namespace): void => {
        const folder = join(site.folder, 'overlay');
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'app.yaml'), app(version));
        writeFileSync(join(folder, 'map.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\n');
        writeFileSync(
          join(folder, 'kustomization.yaml'),
          `namespace: ${namespace}\nresources: ${resources}\n`,
        );
      };
      const inputs = { chart: '', release: '', kustomize: './overlay' };
      overlay('1', '[app.yaml, map.yaml]', 'elsewhere');
      expect((await site.deploy(inputs)).errors.join()).toContain('E_OWNERSHIP');
      overlay('1', '[app.yaml, map.yaml]');
      const first = await site.deploy(inputs);
      expect(first.errors).toEqual([]);
      expect(first.outputs).toMatchObject({ changed: 'true', verified: 'true' });
      expect((await site.deploy(inputs)).outputs).toMatchObject({ changed: 'false', verified: 'true' });
      overlay('2', '[app.yaml]');
      expect((await site.deploy(inputs)).errors).toEqual([]);
      const extra = { resource: 'configmaps', name: 'extra', namespace: site.namespace };
      expect(await site.kubernetes.get(extra)).toBeUndefined();
      const bundles = await bundleHistory(site.kubernetes, site.namespace, 'overlay');
      expect(bundles.map(({ status }) => status)).toEqual(['superseded', 'deployed']);
      expect((await site.ledger()).entries.at(-1)?.releases).toMatchObject([
        { kind: 'kustomize', revision: 2, manifestSha256: bundles[1]?.manifestSha256, phase: 'verified' },
      ]);

      // Another overlay does not get its objects, nor does its pruning what took the place of one of them.
      const stolen = await site.deploy({ ...inputs, release: 'other' });
      expect(stolen.errors.join()).toMatch(
        /E_OWNERSHIP: Deployment\/app is part of the overlay named overlay/,
      );
      const secret = { resource: 'secrets', name: bundles[0]?.secret.name ?? '', namespace: site.namespace };
      const replaced = site.kubernetes.delete(secret, { preconditions: { uid: 'of-the-one-before' } });
      await expect(replaced).rejects.toMatchObject({ status: 409, code: 'E_CONFLICT' });
      const uid = (await site.kubernetes.get(secret))?.metadata.uid ?? '';
      expect(await site.kubernetes.delete(secret, { preconditions: { uid } })).toBe(true);
      expect(await site.kubernetes.get(secret)).toBeUndefined();
    }));

  it.each([
    ['a missing map', { environments: 'none.yml' }, 'E_CONFIG'],
    ['broken YAML', { environments: '- {branch: [' }, 'E_CONFIG'],
    ['a kubeconfig that is none', { kubeconfig: 'hello' }, 'E_CONFIG'],
    ['a missing chart', { chart: './none' }, 'E_CONFIG'],
    ['two units', { helmfile: 'helmfile.yaml' }, 'E_CONFIG'],
    ['values for a canary without one', { 'canary-values': 'a.yaml' }, 'E_CONFIG'],
    ['an unknown context', { 'kube-context': 'none' }, 'E_AUTH'],
  ])('%s', (_, inputs, code) =>
    withSite('input', 4, async (site) => {
      site.chart(app('1'));
      const refused = await site.deploy(inputs);
      expect(refused.code).toBe(1);
      expect(refused.errors).toHaveLength(1);
      expect(refused.errors[0]).toContain(`${code}: `);
      expect(refused.errors[0]).toContain('Next: ');
      expect(await site.kubernetes.get({ resource: 'namespaces', name: site.namespace })).toBeUndefined();
    }),
  );
});
