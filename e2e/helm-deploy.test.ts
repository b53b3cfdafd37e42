import { describe, expect, it } from '@jest/globals';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { app, othersPending, untilPending, withSite } from './support/deploy-site.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { logHelm } from './support/helm-log.ts';
import { imageOf } from './support/manifests.ts';
import { runBundle } from './support/run-bundle.ts';

const sha = (letter: string): { env: Record<string, string> } => ({ env: { GITHUB_SHA: letter.repeat(40) } });

describe.each<HelmMajor>([3, 4])('helm-deploy with helm %i', (major) => {
  it('installs, changes, leaves alone what is the same, and records each step', () =>
    withSite('basic', major, async (site) => {
      site.chart(app('1'));
      const first = await site.deploy({}, sha('a'));
      expect(first.errors).toEqual([]);
      expect(first.outputs).toMatchObject({
        deployed: 'true',
        changed: 'true',
        mutated: 'true',
        verified: 'true',
      });

      const same = await site.deploy({}, sha('a'));
      expect(same.outputs).toMatchObject({
        deployed: 'true',
        changed: 'false',
        mutated: 'false',
        verified: 'true',
      });
      expect(await site.history()).toHaveLength(1);

      site.chart(app('2'));
      const canary = await site.deploy({ strategy: 'canary' }, sha('b'));
      expect(canary.outputs).toMatchObject({ changed: 'true', verified: 'false' });
      const promoted = await site.deploy({ strategy: 'promote' }, sha('b'));
      expect(promoted.outputs).toMatchObject({ changed: 'false', verified: 'true' });

      const history = await site.history();
      expect(history.map(({ status }) => status)).toEqual(['superseded', 'deployed']);
      const { entries } = await site.ledger();
      expect(entries.map(({ gitSha, phase }) => [gitSha[0], phase])).toEqual([
        ['a', 'verified'],
        ['b', 'deployed'],
        ['b', 'verified'],
      ]);
      expect(entries.at(-1)?.releases).toMatchObject([
        {
          revision: 2,
          manifestSha256: history[1]?.manifestSha256,
          workloads: [{ kind: 'Deployment', name: 'app' }],
        },
      ]);
      expect((await site.lease())?.spec).not.toHaveProperty('holderIdentity');
    }));

  it('recovers by itself when it was killed in the middle, and ends what it left running', () =>
    withSite('kill', major, async (site) => {
      site.chart(app('1'));
      await site.deploy({}, sha('a'));
      await othersPending(site);
      site.chart(app('2', true));
      let child: ChildProcess | undefined;
      const killed = site.deploy({}, { ...sha('b'), onStart: (started) => (child = started) });
      const pending = await untilPending(site);
      child?.kill('SIGKILL');
      const { signal, state } = await killed;
      expect(signal).toBe('SIGKILL');
      expect((await site.history()).at(-1)?.status).toBe(pending.status);

      // Mended by the post step with one Helm, and by the next deploy with the other; others' releases are not.
      if (major === 3) {
        const post = await site.deploy({}, { ...sha('b'), state });
        expect(post.errors).toEqual([]);
        expect((await site.history()).at(-1)?.status).toBe('failed');
        expect((await site.ledger()).entries.at(-1)?.phase).toBe('failed');
        expect((await site.lease())?.spec).not.toHaveProperty('holderIdentity');
      }
      expect((await site.history('others')).at(-1)?.status).toBe('pending-install');

      site.chart(app('3'));
      const again = await site.deploy({}, sha('c'));
      expect(again.errors).toEqual([]);
      const history = await site.history();
      expect(history.map(({ status }) => status)).toEqual(['superseded', 'failed', 'deployed']);
      const { entries } = await site.ledger();
      expect(entries.map(({ phase }) => phase)).toEqual(['verified', 'failed', 'verified']);
    }));

  it.each([
    ['a chart', {}],
    ['a helmfile', { chart: '', release: '', helmfile: 'helmfile.yaml' }],
  ])('leaves the wait for %s soon when it is cancelled, with nothing pending and the lock free', (_, unit) =>
    withSite('cancel', major, async (site) => {
      const releases = 'environments: {test: {}}\n---\nreleases: [{name: app, chart: ./chart}]\n';
      writeFileSync(join(site.folder, 'helmfile.yaml'), releases);
      site.chart(app('1'));
      await site.deploy(unit, sha('a'));
      await othersPending(site);
      site.chart(app('2', true));
      let child: ChildProcess | undefined;
      const cancelled = site.deploy(
        { ...unit, timeout: '60s' },
        { ...sha('b'), onStart: (started) => (child = started) },
      );
      await untilPending(site);
      const asked = Date.now();
      child?.kill('SIGINT');
      const result = await cancelled;
      expect(Date.now() - asked).toBeLessThan(10_000);
      expect(result.code).toBe(1);
      expect(result.errors.join()).toContain('E_CANCELLED');
      expect((await site.history()).at(-1)?.status).toBe('failed');
      expect((await site.history('others')).at(-1)?.status).toBe('pending-install');
      expect((await site.lease())?.spec).not.toHaveProperty('holderIdentity');
      expect((await site.ledger()).entries.at(-1)?.phase).toBe('failed');
      // The kubeconfig and whatever else was private goes with the post step.
      const folder = result.state.folder ?? '';
      await site.deploy(unit, { ...sha('b'), state: result.state });
      expect(existsSync(folder)).toBe(false);
    }),
  );

  it.each(['install', 'upgrade', 'rollback'])(
    'mends what a killed helm left pending in its %s',
    (operation) =>
      withSite(`pending-${operation}`, major, async (site) => {
        site.chart(app('1'));
        if (operation !== 'install')
          await site.helm('upgrade', '--install', 'app', './chart', '--create-namespace');
        if (operation === 'rollback') {
          site.chart(app('0', true));
          await site.helm('upgrade', 'app', './chart');
          site.chart(app('1'));
          await site.helm('upgrade', 'app', './chart');
        }
        site.chart(app('2', true));
        const args =
          operation === 'rollback'
            ? ['rollback', 'app', '2']
            : ['upgrade', '--install', 'app', './chart', '--create-namespace'];
        const wait = major === 4 ? '--wait=watcher' : '--wait';
        const helm = spawn('helm', [...args, '--namespace', site.namespace, wait, '--timeout', '60s'], {
          cwd: site.folder,
          env: { ...site.env },
          stdio: 'ignore',
        });
        expect((await untilPending(site)).status).toBe(`pending-${operation}`);
        helm.kill('SIGKILL');

        site.chart(app('3'));
        const result = await site.deploy();
        expect(result.errors).toEqual([]);
        const history = await site.history();
        expect(history.filter(({ status }) => status.startsWith('pending-'))).toEqual([]);
        expect(history.at(-1)?.status).toBe('deployed');
      }),
  );

  it('stops when somebody else has its lock, and writes nothing more', () =>
    withSite('lost', major, async (site) => {
      site.chart(app('1'));
      await site.deploy({}, sha('a'));
      site.chart(app('2', true));
      const losing = site.deploy({ timeout: '60s' }, sha('b'));
      await untilPending(site);
      const lease = {
        resource: 'leases.coordination.k8s.io',
        name: 'gated-delivery',
        namespace: site.namespace,
      };
      await site.kubernetes.patch(lease, { spec: { holderIdentity: 'somebody/else' } }, { type: 'merge' });
      const lost = await losing;
      expect(lost.errors.join()).toMatch(/E_LOCKED: the lock of .* was lost: someone else took the lease/);
      // Its entry stays as it was written before: only the holder of the lock may close it.
      expect((await site.ledger()).entries.at(-1)?.phase).toBe('applying');
      expect((await site.lease())?.spec).toHaveProperty('holderIdentity', 'somebody/else');
      await site.deploy({}, { ...sha('b'), state: lost.state });
      expect((await site.ledger()).entries.at(-1)?.phase).toBe('applying');
      expect((await site.lease())?.spec).toHaveProperty('holderIdentity', 'somebody/else');
    }));

  it('lets one of two runs through at a time, and names the one that works', () =>
    withSite('race', major, async (site) => {
      site.chart(app('1'));
      await site.deploy({}, sha('a'));
      site.chart(app('2', true));
      let child: ChildProcess | undefined;
      const slow = site.deploy(
        { timeout: '60s' },
        { env: { GITHUB_SHA: 'b'.repeat(40), GITHUB_RUN_ID: '41' }, onStart: (started) => (child = started) },
      );
      const pending = await untilPending(site);
      const other = await site.deploy(
        { 'lock-timeout': '1s' },
        { env: { GITHUB_SHA: 'c'.repeat(40), GITHUB_RUN_ID: '42' } },
      );
      expect(other.errors.join()).toMatch(/E_RELEASE_BUSY.*example\/shop\/41\/1\/test/);
      const untouched = (await site.history()).at(-1);
      expect(untouched?.secret.resourceVersion).toBe(pending.secret.resourceVersion);
      expect(untouched?.revision).toBe(pending.revision);
      child?.kill('SIGINT');
      await slow;

      // Two deploys and the rollback of the one that was cancelled, all at once.
      site.chart(app('3'));
      const log = logHelm(site.env.PATH ?? '');
      const env = { ...site.env, PATH: log.path };
      const place = { namespace: site.namespace, environment: 'test', deploy: 'b'.repeat(40) };
      const [back, ...racers] = await Promise.all([
        runBundle({ action: 'rollback', inputs: place, env: { ...env, GITHUB_RUN_ID: '45' } }),
        ...['43', '44'].map((run) =>
          site.deploy({}, { env: { ...env, GITHUB_SHA: 'd'.repeat(40), GITHUB_RUN_ID: run } }),
        ),
      ]);
      expect(racers.map(({ code }) => code)).toEqual([0, 0]);
      expect(racers.filter(({ outputs }) => outputs.changed === 'true')).toHaveLength(1);
      // A rollback that gets the lock after a newer deploy has nothing to undo any more.
      const isFirst = back.outputs['rolled-back'] === 'true';
      expect(back.errors.join()).toMatch(isFirst ? /^$/ : /^E_OVERTAKEN: /);
      expect(log.begun()).toBe(isFirst ? 2 : 1);
      expect(log.most()).toBe(1);
      expect((await site.history()).at(-1)).toMatchObject({ revision: isFirst ? 4 : 3, status: 'deployed' });
      const live = await site.kubernetes.get({
        resource: 'deployments.apps',
        name: 'app',
        namespace: site.namespace,
      });
      expect(imageOf(live)).toBe('shop/app:3');
      expect((await site.ledger()).entries.at(-1)).toMatchObject({
        gitSha: 'd'.repeat(40),
        phase: 'verified',
      });
    }));
});
