import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemProcess } from '../toolkit/process/process.ts';
import { helmCli } from '../toolkit/helm/helm-cli.ts';
import type { ReleaseRevision } from '../toolkit/helm/helm.ts';
import { withSite, type DeploySite } from './support/deploy-site.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { runBundle, type BundleResult } from './support/run-bundle.ts';

const sha = (letter: string): { env: Record<string, string> } => ({ env: { GITHUB_SHA: letter.repeat(40) } });
const inputs = { chart: '', release: '', helmfile: 'helmfile.yaml' };

/** Each release has its version in a ConfigMap; the one that is `stuck` has pods that no node takes, too. */
const templates = `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data: {value: "{{ .Values.version }}"}
{{- if eq .Release.Name .Values.stuck }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec:
      nodeSelector: {no: such}
      containers: [{name: main, image: "shop/app:1"}]
{{- end }}
`;

/** Four releases, listed the other way round than they need each other. */
function write(site: DeploySite, version: string, { stuck = 'none', old = true } = {}): void {
  const values = `values: [{version: "${version}", stuck: ${stuck}}]`;
  const release = (name: string, more: string): string =>
    `  - {name: ${name}, chart: ./chart, ${values}, ${more}}\n`;
  const list = [
    release('web', 'needs: [api]'),
    release('api', 'needs: [db]'),
    release('db', 'needs: []'),
    release('old', `installed: ${old}`),
  ];
  site.chart(templates);
  writeFileSync(
    join(site.folder, 'helmfile.yaml'),
    `environments: {test: {}}\n---\nreleases:\n${list.join('')}`,
  );
}

async function current(site: DeploySite): Promise<Record<string, ReleaseRevision | undefined>> {
  const { kubernetes, env, folder } = site;
  const helm = helmCli({ process: systemProcess, kubernetes, env, context: '', cwd: folder });
  const found = [...(await helm.releases(site.namespace))];
  return Object.fromEntries(found.map(([name, history]) => [name, history.at(-1)]));
}

const valueOf = async (site: DeploySite, name: string): Promise<string | undefined> => {
  const ref = { resource: 'configmaps', name, namespace: site.namespace };
  return ((await site.kubernetes.get(ref))?.data as { value?: string } | undefined)?.value;
};

const valuesOf = (site: DeploySite): Promise<(string | undefined)[]> =>
  Promise.all(['db', 'api', 'web'].map((name) => valueOf(site, name)));

describe.each<HelmMajor>([3, 4])('a helmfile with helm %i', (major) => {
  it.concurrent(
    'is applied in the order of needs, goes back in reverse, and goes on from there',
    () =>
      withSite('helmfile', major, async (site) => {
        write(site, '1');
        const first = await site.deploy(inputs, sha('a'));
        expect(first.errors).toEqual([]);
        expect(first.outputs).toMatchObject({ changed: 'true', verified: 'true' });
        const installed = await current(site);
        const times = ['db', 'api', 'web'].map((name) => installed[name]?.lastDeployed);
        expect(times).toEqual([...times].sort());
        expect(await valueOf(site, 'old')).toBe('1');

        write(site, '2', { stuck: 'api' });
        const failed = await site.deploy({ ...inputs, timeout: '8s' }, sha('b'));
        expect(failed.code).toBe(1);
        expect(failed.outputs).toMatchObject({ mutated: 'true', verified: 'false' });
        expect(await valuesOf(site)).toEqual(['2', '2', '1']);
        const halfway = await current(site);
        expect(halfway.db).toMatchObject({ revision: 2, status: 'deployed' });
        expect(halfway.api).toMatchObject({ revision: 2, status: 'failed' });
        expect(halfway.web).toMatchObject({ revision: 1, status: 'deployed' });

        // The server refuses to take the last of the two back, until somebody has removed what is in the way.
        const settings = { resource: 'configmaps', name: 'db', namespace: site.namespace };
        await site.kubernetes.patch(settings, { immutable: true }, { type: 'merge' });
        const rollback = (): Promise<BundleResult> =>
          runBundle({
            action: 'rollback',
            inputs: { namespace: site.namespace, environment: 'test', timeout: '40s', reason: 'it failed' },
            env: site.env,
          });
        const stopped = await rollback();
        expect(stopped.errors.join()).toMatch(
          /^E_PARTIAL: rolled back: old, api; left: db; because E_IMMUTABLE: /,
        );
        expect(stopped.outputs).toMatchObject({
          'rolled-back': 'false',
          done: '["old","api"]',
          left: '["db"]',
        });
        expect(await valuesOf(site)).toEqual(['2', '1', '1']);
        await site.kubernetes.delete(settings);
        const back = await rollback();
        expect(back.errors).toEqual([]);
        expect(back.outputs.done).toBe('["db"]');
        expect(await valuesOf(site)).toEqual(['1', '1', '1']);
        const after = await current(site);
        expect(after.api).toMatchObject({ revision: 3, status: 'deployed' });
        expect(after.db).toMatchObject({ revision: 4, status: 'deployed' });
        expect(after.web).toMatchObject({ revision: 1, status: 'deployed' });
        const undone = ['api', 'db'].map((name) => after[name]?.lastDeployed);
        expect(undone).toEqual([...undone].sort());

        write(site, '3', { old: false });
        const next = await site.deploy(inputs, sha('c'));
        expect(next.errors).toEqual([]);
        expect(next.outputs.verified).toBe('true');
        expect(await valuesOf(site)).toEqual(['3', '3', '3']);
        expect(await valueOf(site, 'old')).toBeUndefined();
      }),
    300_000,
  );
});
