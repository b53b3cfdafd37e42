import { describe, expect, it } from '@jest/globals';
import { app, withSite } from './support/deploy-site.ts';
import { situations } from './support/deploy-situations.ts';
import { kubectl } from './support/rig.ts';

const majors = [3, 4] as const;
const rows = majors.flatMap((major) =>
  situations
    .filter((situation) => situation.majors?.includes(major) ?? true)
    .map((situation) => [situation.name, major, situation] as const),
);

describe('a deploy ends with a code and says why', () => {
  it.concurrent.each(rows)('when %s, with helm %i', (_, major, situation) =>
    withSite('why', major, async (site) => {
      await kubectl('create', 'namespace', site.namespace);
      if (situation.after === 'a deploy') {
        site.chart(app('1'));
        expect((await site.deploy()).errors).toEqual([]);
      }
      site.chart(situation.manifest);
      const inputs = (await situation.prepare?.(site)) ?? {};
      const before = await site.history();
      const result = await site.deploy({ timeout: situation.timeout ?? '30s', ...inputs });

      expect(result.code).toBe(1);
      expect(result.errors).toHaveLength(1);
      expect(result.errors[0]).toMatch(new RegExp(`^${situation.code}: `));
      expect(result.errors[0]).toContain('Next: ');
      expect(`${result.errors.join()}\n${result.summary}`).toMatch(situation.says);
      expect(result.outputs.verified ?? 'false').toBe('false');

      const after = await site.history();
      if (situation.early === true) expect(after).toEqual(before);
      else
        expect(
          after.filter(({ status }) => status !== 'superseded' && status !== 'failed').length,
        ).toBeLessThan(2);
      expect(after.filter(({ status }) => status.startsWith('pending-'))).toEqual([]);
      if (situation.code !== 'E_LOCKED')
        expect((await site.lease())?.spec ?? {}).not.toHaveProperty('holderIdentity');
      const { entries } = await site.ledger();
      expect(entries.filter(({ phase }) => phase === 'applying' || phase === 'planned')).toEqual([]);
      if (situation.early !== true) expect(entries.at(-1)?.phase).toBe('failed');
    }),
  );
});
