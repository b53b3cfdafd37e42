import { describe, expect, it } from '@jest/globals';
import { withDelivery, type Delivery, type DeployedRelease } from './support/delivery.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { configMap, hookJob, manifests } from './support/manifests.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);
const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];

/** Seven releases, each needing the one before; the rollback hook of `broken` finds no node. */
const chain = (version: string, broken = ''): DeployedRelease[] =>
  names.map((name, index) => {
    const hook = name === broken ? [hookJob('check', 'pre-rollback', { fails: true })] : [];
    const manifest = manifests(configMap(name, version), ...hook);
    return { name, manifest, needs: index === 0 ? [] : [names[index - 1] ?? ''] };
  });

const valueOf = async (shop: Delivery, name: string): Promise<string | undefined> =>
  ((await shop.get('configmaps', name))?.data as { value?: string } | undefined)?.value;

describe.each<HelmMajor>([3, 4])('seven releases with helm %i', (major) => {
  it.concurrent(
    'go back in reverse, stop at a failure, and are finished by the next run',
    () =>
      withDelivery('seven', major, async (shop) => {
        await shop.deploy(good, chain('1', 'four'), 'verified');
        await shop.deploy(bad, chain('2'), 'failed');

        const stopped = await shop.rollback();
        expect(stopped.code).toBe(1);
        expect(stopped.errors.join()).toMatch(
          /E_PARTIAL: rolled back: seven, six, five; left: four, three, two, one; because E_ROLLBACK_HOOK/,
        );
        expect(JSON.parse(stopped.outputs.done ?? '')).toEqual(['seven', 'six', 'five']);
        expect(JSON.parse(stopped.outputs.left ?? '')).toEqual(['four', 'three', 'two', 'one']);
        expect(await Promise.all(names.map((name) => valueOf(shop, name)))).toEqual([
          '2',
          '2',
          '2',
          '2',
          '1',
          '1',
          '1',
        ]);
        expect((await shop.current('three')).revision).toBe(2);

        await shop.withNode(async () => {
          const finished = await shop.rollback();
          expect(finished.errors).toEqual([]);
          expect(JSON.parse(finished.outputs.done ?? '')).toEqual(['four', 'three', 'two', 'one']);
        });
        expect(await Promise.all(names.map((name) => valueOf(shop, name)))).toEqual(names.map(() => '1'));
        const times = await Promise.all(names.map(async (name) => (await shop.current(name)).lastDeployed));
        expect([...times].sort().reverse()).toEqual(times);
        const ledger = await shop.ledger();
        expect(ledger.plans).toHaveLength(1);
        expect(ledger.plans[0]?.steps.map(({ release, state }) => `${release} ${state}`)).toEqual(
          names.toReversed().map((name) => `${name} done`),
        );
        expect(ledger.entries.map(({ phase }) => phase)).toEqual(['verified', 'rolled-back', 'verified']);
      }),
    300_000,
  );
});
