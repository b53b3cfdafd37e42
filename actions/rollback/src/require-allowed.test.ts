import { describe, expect, it } from '@jest/globals';
import { revision } from './fake-history.ts';
import { requireAllowed } from './require-allowed.ts';

describe('requireAllowed', () => {
  it.each(['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'])(
    'refuses to undo workloads for an identity that may not patch %s',
    async (resource) => {
      const kubernetes = {
        denied: async (asked: readonly { verb: string; resource: string; namespace?: string }[]) =>
          Promise.resolve(
            asked.filter((question) => question.verb === 'patch' && question.resource === resource),
          ),
      };
      const target = {
        kind: 'roll' as const,
        from: revision(2, 'bad', 'deployed'),
        to: revision(1, 'good'),
        source: 'verified' as const,
        gitSha: '',
        isApplied: false,
      };
      const release = { name: 'api', namespace: 'shop', kind: 'helm' as const, record: undefined };
      await expect(
        requireAllowed(kubernetes, 'workloads', [{ release, target, risks: [] }], new Map()),
      ).rejects.toMatchObject({ code: 'E_RBAC' });
    },
  );
});
