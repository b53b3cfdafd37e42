import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { withDelivery, type Delivery } from './support/delivery.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { configMap, deployment, imageOf, manifests } from './support/manifests.ts';
import { runBundle, type BundleResult } from './support/run-bundle.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);

/** A chart whose image is a value, in a folder of its own. */
function makeChart(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gd-chart-'));
  mkdirSync(join(folder, 'templates'));
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: api\nversion: 1.0.0\n');
  writeFileSync(join(folder, 'values.yaml'), 'version: "0"\n');
  const templates = manifests(
    configMap('settings', '{{ .Values.version }}'),
    deployment('api', 'shop/api:{{ .Values.version }}'),
  );
  writeFileSync(join(folder, 'templates', 'all.yaml'), templates);
  return folder;
}

describe.each<HelmMajor>([3, 4])('deploy and rollback together with helm %i', (major) => {
  it.concurrent('end on the verified release, and the bad commit is not deployed again', () =>
    withDelivery('together', major, async (shop: Delivery) => {
      const chart = makeChart();
      const environments = `- {branch: main, environment: test, namespace: ${shop.namespace}}`;
      const deploy = (
        sha: string,
        version: string,
        more: Record<string, string> = {},
        env: Record<string, string> = {},
      ): Promise<BundleResult> =>
        runBundle({
          action: 'helm-deploy',
          inputs: { environments, chart, release: 'api', set: `version=${version}`, ...more },
          env: { ...shop.env, GITHUB_SHA: sha, ...env },
        });

      const first = await deploy(good, '1');
      expect(first.errors).toEqual([]);
      expect(first.outputs.verified).toBe('true');
      const { manifestSha256 } = await shop.current('api');
      // A canary that nobody verified afterwards: what a failed gate leaves.
      // Its runner died with the change in place, so that the next attempt finds nothing left to apply.
      const died = await deploy(bad, '2', { strategy: 'canary' }, { GATED_DELIVERY_DIE_AT: 'applied' });
      expect(died.signal).toBe('SIGKILL');
      const second = await deploy(bad, '2', { strategy: 'canary' });
      expect(second.errors).toEqual([]);
      expect(second.outputs).toMatchObject({ changed: 'false', mutated: 'true', verified: 'false' });

      // A queued deploy came in between: this run's rollback is not about the newest one any more.
      const overtaken = await shop.rollback({ environments, deploy: good });
      expect(overtaken.errors.join()).toMatch(
        /E_OVERTAKEN: the newest deploy of .* of commit b+, and not a+/,
      );
      expect(overtaken.outputs).toMatchObject({ 'rolled-back': 'false', done: '[]' });
      expect((await shop.current('api')).revision).toBe(2);
      expect((await shop.ledger()).bad).toEqual([]);

      const back = await shop.rollback({ environments, deploy: bad, reason: 'the gate failed' });
      expect(back.errors).toEqual([]);
      expect(await shop.current('api')).toMatchObject({ revision: 3, status: 'deployed', manifestSha256 });
      expect(imageOf(await shop.get('deployments.apps', 'api'))).toBe('shop/api:1');

      const again = await deploy(bad, '2');
      expect(again.errors.join()).toMatch(/E_ALREADY_BAD: .*the gate failed/);
      expect((await shop.current('api')).revision).toBe(3);

      // The verified commit is in place already, and the ledger knows it.
      const redeploy = await deploy(good, '1');
      expect(redeploy.errors).toEqual([]);
      expect(redeploy.outputs).toMatchObject({ changed: 'false', verified: 'true' });
      expect((await shop.current('api')).revision).toBe(3);

      // A canary whose promotion changes nothing more: by hand it goes back behind both.
      const next = 'c'.repeat(40);
      expect((await deploy(next, '4', { strategy: 'canary' })).outputs.verified).toBe('false');
      const promoted = await deploy(next, '4', { strategy: 'promote' });
      expect(promoted.outputs).toMatchObject({ changed: 'false', verified: 'true' });
      const later = { env: { GITHUB_RUN_ID: '1002' } };
      const undone = await shop.rollback({ environments, reason: 'by hand' }, later);
      expect(undone.errors).toEqual([]);
      expect(undone.outputs).toMatchObject({ 'rolled-back': 'true' });
      expect(await shop.current('api')).toMatchObject({ revision: 5, manifestSha256 });
      expect((await shop.rollback({ environments }, later)).outputs['rolled-back']).toBe('false');
    }),
  );
});
