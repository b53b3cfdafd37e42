import { expect } from '@jest/globals';
import type { DeploySite } from './deploy-site.ts';

/** What a deploy that went well leaves: nothing open, nothing pending, the lock free, and this commit verified. */
export async function expectClean(site: DeploySite, gitSha: string): Promise<void> {
  const { kubernetes, namespace } = site;
  const { entries } = await site.ledger();
  expect(entries.filter(({ phase }) => phase === 'applying' || phase === 'planned')).toEqual([]);
  const last = entries.at(-1);
  expect(last).toMatchObject({ gitSha, phase: 'verified' });
  for (const release of last?.releases ?? []) {
    expect(release.phase).toBe('verified');
    expect(release.revision).toBeGreaterThan(0);
  }
  const secrets = await kubernetes.list({ resources: ['secrets'], namespace, labelSelector: 'status' });
  const pending = secrets.filter(({ metadata }) => metadata.labels?.status?.startsWith('pending-') === true);
  expect(pending.map(({ metadata }) => metadata.name)).toEqual([]);
  expect((await site.lease())?.spec).not.toHaveProperty('holderIdentity');
}
