import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { kubectl, pathWithTrivy, rig } from './support/rig.ts';
import { runBundle, type ActionName } from './support/run-bundle.ts';

const namespace = 'bad-input';
const nobody = 'http://127.0.0.1:1';
const needs = JSON.stringify({ scan: { result: 'success', outputs: { verdict: 'pass' } } });
const unreachable = `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: u, user: {token: planted-canary-token}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
current-context: c
`;

/** Inputs with which each action would have something to do. */
const right: Partial<Record<ActionName, Readonly<Record<string, string>>>> = {
  'canary-gate': { 'prometheus-url': nobody, canary: 'track="canary"', stable: 'track="stable"' },
  'helm-deploy': {
    environments: `- {branch: main, environment: test, namespace: ${namespace}}`,
    chart: './chart',
    release: 'app',
  },
  rollback: {
    environments: `- {branch: main, environment: test, namespace: ${namespace}}`,
    environment: 'test',
    reason: 'a try',
  },
  report: { needs },
  scan: { scanners: 'trivy-config' },
};

const byHelmfile = { chart: '', release: '' };
const rows: readonly (readonly [ActionName, string, Readonly<Record<string, string>>, RegExp])[] = [
  ['canary-gate', 'no canary', { canary: '' }, /^E_CONFIG: .*'canary'/],
  ['canary-gate', 'no stable version', { stable: '' }, /^E_CONFIG: .*'stable'/],
  ['canary-gate', 'matchers that are none', { canary: 'track=canary' }, /^E_CONFIG: .*'canary'/],
  ['canary-gate', 'a broken file of metrics', { config: 'broken.yaml' }, /^E_CONFIG: broken\.yaml, line 3/],
  ['helm-deploy', 'a chart without a release', { release: '' }, /^E_CONFIG: .*'release'/],
  ['helm-deploy', 'no unit at all', byHelmfile, /^E_CONFIG: .*helmfile\.yaml/],
  [
    'helm-deploy',
    'a broken helmfile',
    { ...byHelmfile, helmfile: 'broken.yaml' },
    /^E_CONFIG: reading the helmfile failed(.|\n)*broken\.yaml/,
  ],
  [
    'helm-deploy',
    'a broken values file',
    { values: 'broken.yaml' },
    /^E_RENDER: (.|\n)*broken\.yaml.* line 2/,
  ],
  ['helm-deploy', 'a cluster that is not there', { kubeconfig: unreachable }, /^E_AUTH: .*127\.0\.0\.1:1/],
  ['rollback', 'neither a map nor a namespace', { environments: '' }, /^E_CONFIG: .*'namespace'/],
  ['rollback', 'a revision that is none', { release: 'app', revision: 'v1' }, /^E_CONFIG: .*'revision'/],
  ['rollback', 'nothing that was deployed', {}, /^E_NO_TARGET: /],
  ['rollback', 'a cluster that is not there', { kubeconfig: unreachable }, /^E_AUTH: .*127\.0\.0\.1:1/],
  ['report', 'no needs', { needs: '' }, /^E_CONFIG: .*'needs'/],
  ['report', 'needs that are no JSON', { needs: '{scan:' }, /^E_CONFIG: .*'needs'/],
  ['report', 'needs of another shape', { needs: '{"scan": "success"}' }, /^E_CONFIG: .*'needs'/],
  ['report', 'two sources', { results: 'results.json' }, /^E_CONFIG: exactly one of 'needs', 'results'/],
  ['report', 'results on a push', { needs: '', results: 'none.json' }, /^E_CONFIG: .*'results'/],
  ['scan', 'broken waivers', { waivers: 'broken.yaml' }, /^E_CONFIG: broken\.yaml .* line 3/],
];

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gd-bad-input-'));
  mkdirSync(join(folder, 'chart'));
  writeFileSync(join(folder, 'chart/Chart.yaml'), 'apiVersion: v2\nname: app\nversion: 1.0.0\n');
  writeFileSync(join(folder, 'broken.yaml'), 'releases:\n  - {name: [\n');
  await kubectl('create', 'namespace', namespace);
  await kubectl('-n', namespace, 'create', 'configmap', 'bystander', '--from-literal=a=1');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await kubectl('delete', 'namespace', namespace, '--wait=false');
});

/** All that a deploy, a rollback or a gate could have left, with versions. A lock that was let go stays as it is. */
const inCluster = async (): Promise<string> => {
  const text = await kubectl(
    ...['get', 'configmaps,secrets,deployments,statefulsets,services', '-n', namespace, '--no-headers'],
    ...['-o', 'custom-columns=:kind,:metadata.name,:metadata.resourceVersion'],
  );
  const holders = ['get', 'leases', '-n', namespace, '-o', 'jsonpath={.items[*].spec.holderIdentity}'];
  return `${text.replaceAll(/ +/g, ' ')}held: ${await kubectl(...holders)}`;
};

it.each(rows)('%s refuses %s by one coded error, and changes nothing', async (action, _, inputs, says) => {
  const before = await inCluster();
  const result = await runBundle({
    action,
    inputs: { ...right[action], ...inputs },
    cwd: folder,
    env: { ...rig().env, PATH: action === 'scan' ? pathWithTrivy() : (rig().env.PATH ?? '') },
  });
  expect([result.code, result.errors]).toEqual([1, [expect.stringMatching(says)]]);
  expect(result.errors[0]).toContain('Next: ');
  expect(result.log + result.summary).not.toContain('planted-canary');
  expect(await inCluster()).toBe(before);
});
