import { describe, expect, it } from '@jest/globals';
import { app, withSite } from '../support/deploy-site.ts';
import { startFaultyApi, type FaultKind } from '../support/faulty-api.ts';
import { imageOf } from '../support/manifests.ts';
import { rig } from '../support/rig.ts';

const sha = (letter: string): Record<string, string> => ({ GITHUB_SHA: letter.repeat(40) });
const places = { lock: /\/leases/, ledger: /\/configmaps/, release: /\/secrets/, objects: /\/deployments/ };
const kinds: readonly FaultKind[] = [409, 429, 500, 'slow', 'lost'];
/** Lock and ledger are written by the action itself, whichever Helm there is. */
const own = new Set(['lock', 'ledger']);
const rows = ([3, 4] as const).flatMap((major) =>
  kinds.flatMap((kind) =>
    Object.entries(places)
      .filter(([place]) => major === 4 || !own.has(place))
      .map(([place, path]) => [kind, place, major, path] as const),
  ),
);

describe('an API server that answers some writes wrongly', () => {
  it.concurrent.each(rows)('with %s, about the %s, to a deploy with helm %i', (kind, place, major, path) =>
    withSite(`fault-${place}`, major, async (site) => {
      const api = await startFaultyApi(rig().kubeconfig);
      try {
        site.chart(app('1'));
        expect((await site.deploy({}, { env: sha('a') })).errors).toEqual([]);
        site.chart(app('2'));
        api.begin({ kind, path, times: 2 });
        const result = await site.deploy(
          { kubeconfig: api.kubeconfig, timeout: '30s', 'lock-timeout': '30s' },
          { env: sha('b') },
        );
        expect(api.met()).toBeGreaterThan(0);
        // Where it writes itself it comes through. What Helm gives up at ends with a code.
        if (own.has(place)) expect(result.errors).toEqual([]);
        for (const error of result.errors) expect(error).toMatch(/^E_(TIMEOUT|CONFLICT|TOOL): /);
        expect(result.code === 0).toBe(result.errors.length === 0);

        const { entries } = await site.ledger();
        expect(entries.map(({ gitSha, phase }) => [gitSha[0], phase])).toEqual([
          ['a', 'verified'],
          ['b', result.code === 0 ? 'verified' : 'failed'],
        ]);
        expect((await site.history()).filter(({ status }) => status.startsWith('pending-'))).toEqual([]);
        expect((await site.lease())?.spec ?? {}).not.toHaveProperty('holderIdentity');

        const again = await site.deploy({}, { env: sha('b') });
        expect(again.errors).toEqual([]);
        expect(again.outputs.verified).toBe('true');
        expect((await site.history()).filter(({ status }) => status === 'deployed')).toHaveLength(1);
        const workload = { resource: 'deployments.apps', name: 'app', namespace: site.namespace };
        expect(imageOf(await site.kubernetes.get(workload))).toBe('shop/app:2');
      } finally {
        await api.stop();
      }
    }),
  );
});
