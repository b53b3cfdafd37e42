import type { ChildProcess } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { syncHistory } from '../toolkit/argocd/application.ts';
import { useArgocd, valueIn, withApplication } from './support/argocd-site.ts';
import { workload } from './support/deploy-situations.ts';
import { eventually } from './support/eventually.ts';
import { configMap, imageOf } from './support/manifests.ts';
import { runBundle, type BundleResult } from './support/run-bundle.ts';

useArgocd();

describe('an Argo CD Application', () => {
  it(
    'is synced to the commit, recorded, left alone when it is there, and rolled back by its history',
    () =>
      withApplication('argocd', async (site, { commit, deploy, application }) => {
        const first = commit(
          `${configMap('settings', '1')}---\n${workload('Deployment', { image: 'shop/app:1' })}`,
        );
        const deployed = await deploy(first);
        expect(deployed.errors).toEqual([]);
        expect(deployed.outputs).toMatchObject({ changed: 'true', mutated: 'true', verified: 'true' });
        expect(await valueIn(site)).toBe('1');
        const same = await deploy(first);
        expect(same.outputs).toMatchObject({ changed: 'false', mutated: 'false', verified: 'true' });
        expect(syncHistory(await application())).toHaveLength(1);

        const second = commit(
          `${configMap('settings', '2')}---\n${workload('Deployment', { image: 'shop/app:2' })}`,
        );
        commit(configMap('settings', 'newer than what is deployed'));
        const changed = await deploy(second);
        expect(changed.errors).toEqual([]);
        expect(changed.summary).toContain(second);
        expect(await valueIn(site)).toBe('2');
        expect(syncHistory(await application()).map(({ revisions }) => revisions)).toEqual([
          [first],
          [second],
        ]);
        const { entries } = await site.ledger();
        expect(entries.map(({ gitSha, phase, releases }) => [gitSha, phase, releases[0]?.kind])).toEqual([
          [first, 'verified', 'argocd'],
          [second, 'verified', 'argocd'],
        ]);

        const back = await runBundle({
          action: 'rollback',
          inputs: { namespace: site.namespace, environment: 'test', timeout: '40s' },
          env: { ...site.env, GITHUB_EVENT_NAME: 'push' },
        });
        expect(back.errors).toEqual([]);
        expect(await valueIn(site)).toBe('1');
        // What a sync by hand would bring is the good commit again.
        expect((await application()).spec).toHaveProperty('source.targetRevision', first);
        expect((await deploy(second)).errors.join()).toContain('E_ALREADY_BAD');
      }),
    240_000,
  );

  it(
    'does not take a database back to an older engine',
    () =>
      withApplication('data', async (site, { commit, deploy }) => {
        const database = (version: string): string => workload('StatefulSet', { image: `mongo:${version}` });
        expect((await deploy(commit(database('6.0.0')))).errors).toEqual([]);
        const changed = await deploy(commit(database('7.0.1')));
        expect(changed.errors).toEqual([]);
        const { entries } = await site.ledger();
        expect(entries.map(({ releases }) => releases[0]?.images[0]?.image)).toEqual([
          'mongo:6.0.0',
          'mongo:7.0.1',
        ]);
        const refused = await runBundle({
          action: 'rollback',
          inputs: { namespace: site.namespace, environment: 'test', timeout: '40s' },
          env: site.env,
        });
        expect(refused.errors.join()).toMatch(/^E_STATEFUL_DOWNGRADE: /);
        const live = await site.kubernetes.get({
          resource: 'statefulsets.apps',
          name: 'app',
          namespace: site.namespace,
        });
        expect(imageOf(live)).toBe('mongo:7.0.1');
      }),
    240_000,
  );

  it(
    'says what only pruning removes instead of waiting for it, and goes on once that is done',
    () =>
      withApplication('prune', async (site, { commit, deploy, application, patch }) => {
        await patch({ spec: { syncPolicy: { syncOptions: ['PruneLast=true'] } } });
        const first = commit(`${configMap('settings', '1')}---\n${configMap('extra', '1')}`);
        expect((await deploy(first)).errors).toEqual([]);
        const second = commit(configMap('settings', '2'));
        const held = await deploy(second, { timeout: '120s' });
        expect(held.errors.join()).toMatch(
          /^E_PARTIAL: .* no longer do: ConfigMap\/extra.*--revision \w+ --prune/s,
        );
        expect(await valueIn(site)).toBe('2');
        expect((await application()).spec).toHaveProperty('source.targetRevision', first);

        await patch({ operation: { sync: { revision: second, prune: true } } });
        await eventually(async () => (await application()).operation === undefined);
        const done = await deploy(second);
        expect(done.errors).toEqual([]);
        expect(done.outputs).toMatchObject({ verified: 'true' });
        expect((await application()).status).toHaveProperty('operationState.operation.sync.syncOptions', [
          'PruneLast=true',
        ]);
      }),
    240_000,
  );

  it(
    'is left at no sync by a cancel, and a killed run does not block the next one',
    () =>
      withApplication('cancel', async (site, { commit, deploy, application }) => {
        const good = commit(configMap('settings', '1'));
        expect((await deploy(good)).errors).toEqual([]);
        const later = 'metadata: {annotations: {argocd.argoproj.io/sync-wave: "1"}, ';
        const stuck = commit(
          `${workload('Deployment', { node: 'nowhere' })}---\n${configMap('settings', '2').replace('metadata: {', later)}`,
        );
        const interrupted = async (signal: 'SIGINT' | 'SIGKILL'): Promise<BundleResult> => {
          let child: ChildProcess | undefined;
          const running = deploy(stuck, { timeout: '120s' }, { onStart: (started) => (child = started) });
          await eventually(async () => {
            const { operation, status } = await application();
            const phase = (status as { operationState?: { phase?: string } }).operationState?.phase;
            return operation !== undefined && phase === 'Running';
          });
          child?.kill(signal);
          return running;
        };
        expect((await interrupted('SIGINT')).errors.join()).toContain('E_CANCELLED');
        await eventually(async () => (await application()).operation === undefined);
        expect((await application()).status).toHaveProperty('operationState.phase', 'Failed');
        expect((await application()).spec).toHaveProperty('source.targetRevision', good);

        expect((await interrupted('SIGKILL')).signal).toBe('SIGKILL');
        // What the stuck commit left is in the way of nothing; that it is left is said.
        const next = await deploy(commit(configMap('settings', '3')), { timeout: '60s' });
        expect(next.errors.join()).toMatch(/^E_PARTIAL: .* Deployment\/app/);
        expect(await valueIn(site)).toBe('3');
      }),
    240_000,
  );

  it(
    'says why its pods do not come up, and what Argo CD could not sync',
    () =>
      withApplication('why', async (site, { commit, deploy }) => {
        const stuck = await deploy(commit(workload('Deployment', { node: 'nowhere' })), { timeout: '10s' });
        expect(stuck.errors.join()).toMatch(/^E_UNSCHEDULABLE: .*no node can take it/);
        expect((await site.ledger()).entries.at(-1)?.phase).toBe('failed');
        const unknown = 'apiVersion: nobody.example.com/v1\nkind: Gadget\nmetadata: {name: one}\n';
        const missing = await deploy(commit(unknown), { timeout: '60s' });
        expect(missing.errors.join()).toMatch(/^E_(CRD|TOOL): Argo CD could not sync/);
        expect((await site.lease())?.spec ?? {}).not.toHaveProperty('holderIdentity');
      }),
    240_000,
  );

  it(
    'is refused when it syncs by itself, belongs elsewhere or is not there',
    () =>
      withApplication('refused', async (site, { commit, deploy, application, patch }) => {
        const sha = commit(configMap('settings', '1'));
        expect((await deploy(sha, { 'argocd-application': 'nobody' })).errors.join()).toContain('E_CONFIG');
        await patch({ spec: { destination: { namespace: 'elsewhere' } } });
        expect((await deploy(sha)).errors.join()).toContain('E_OWNERSHIP');
        await patch({ spec: { destination: { namespace: site.namespace }, syncPolicy: { automated: {} } } });
        const refused = await deploy(sha);
        expect(refused.errors.join()).toMatch(/E_CONFLICT: Application .* syncs by itself/);
        expect(JSON.stringify(await application())).not.toContain('"username":"gated-delivery"');
        expect((await application()).spec).toHaveProperty('source.targetRevision', 'main');
        expect((await site.ledger()).entries).toEqual([]);
      }),
    240_000,
  );
});
