import { describe, expect, it } from '@jest/globals';
import { boundaries } from '../../actions/helm-deploy/src/boundary.ts';
import { app, withSite } from '../support/deploy-site.ts';
import type { HelmMajor } from '../support/helm-folders.ts';
import { imageOf } from '../support/manifests.ts';

const sha = (letter: string): Record<string, string> => ({ GITHUB_SHA: letter.repeat(40) });

describe.each<HelmMajor>([3, 4])('a deploy with helm %i killed between two steps', (major) => {
  it.concurrent.each(boundaries)('ends as a clean one when it runs again after it died at "%s"', (boundary) =>
    withSite(`die-${boundary}`, major, async (site) => {
      site.chart(app('1'));
      expect((await site.deploy({}, { env: sha('a') })).errors).toEqual([]);
      site.chart(app('2'));
      const died = await site.deploy({}, { env: { ...sha('b'), GATED_DELIVERY_DIE_AT: boundary } });
      expect(died.signal).toBe('SIGKILL');

      const again = await site.deploy({}, { env: sha('b') });
      expect(again.errors).toEqual([]);
      expect(again.outputs).toMatchObject({ deployed: 'true', verified: 'true' });
      const history = await site.history();
      expect(history.map(({ status }) => status)).toEqual(['superseded', 'deployed']);
      const { entries } = await site.ledger();
      expect(entries.filter(({ phase }) => phase === 'applying' || phase === 'planned')).toEqual([]);
      expect(entries.at(-1)).toMatchObject({
        gitSha: 'b'.repeat(40),
        phase: 'verified',
        releases: [{ revision: 2, manifestSha256: history[1]?.manifestSha256, phase: 'verified' }],
      });
      expect((await site.lease())?.spec).not.toHaveProperty('holderIdentity');
      const workload = { resource: 'deployments.apps', name: 'app', namespace: site.namespace };
      expect(imageOf(await site.kubernetes.get(workload))).toBe('shop/app:2');
    }),
  );
});
