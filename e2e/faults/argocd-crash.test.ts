import { describe, expect, it } from '@jest/globals';
import { boundaries } from '../../actions/helm-deploy/src/boundary.ts';
import { useArgocd, valueIn, withApplication } from '../support/argocd-site.ts';
import { expectClean } from '../support/expect-clean.ts';
import { configMap } from '../support/manifests.ts';

useArgocd();

describe('an Application whose deploy is killed between two steps', () => {
  it.concurrent.each(boundaries)('ends as a clean one when it runs again after it died at "%s"', (boundary) =>
    withApplication(`die-${boundary}`, async (site, { commit, deploy, application }) => {
      expect((await deploy(commit(configMap('settings', '1')))).errors).toEqual([]);
      const next = commit(configMap('settings', '2'));
      const died = await deploy(next, {}, { env: { GATED_DELIVERY_DIE_AT: boundary } });
      expect(died.signal).toBe('SIGKILL');

      const again = await deploy(next);
      expect(again.errors).toEqual([]);
      await expectClean(site, next);
      expect(await valueIn(site)).toBe('2');
      expect(await application()).not.toHaveProperty('operation');
      expect((await application()).spec).toHaveProperty('source.targetRevision', next);
      expect((await deploy(next)).outputs).toMatchObject({ changed: 'false', verified: 'true' });
    }),
  );
});
