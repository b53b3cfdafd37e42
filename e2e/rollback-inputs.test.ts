import { describe, expect, it } from '@jest/globals';
import { withDelivery, type Delivery } from './support/delivery.ts';
import { configMap } from './support/manifests.ts';

const map = (namespace: string): string =>
  `- {branch: main, environment: production, namespace: ${namespace}, gate: required}`;
const dispatch = { event: { name: 'workflow_dispatch', payload: {} } };
const unusable = `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: u, user: {token: planted-canary-token}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
`;

describe('a rollback that is asked for wrongly', () => {
  it('is refused with one code, and nothing changes', () => {
    const body = async (shop: Delivery): Promise<void> => {
      await shop.deploy('a'.repeat(40), [{ name: 'api', manifest: configMap('settings', '1') }], 'verified');
      await shop.deploy('b'.repeat(40), [{ name: 'api', manifest: configMap('settings', '2') }], 'failed');
      const before = JSON.stringify(await shop.ledger());
      const production = { environments: map(shop.namespace), environment: 'production', 'dry-run': 'false' };

      const rows: [Record<string, string>, Parameters<typeof shop.rollback>[1], RegExp][] = [
        [{ release: 'nowhere' }, {}, /E_NO_TARGET: release nowhere does not exist/],
        [
          { release: 'api', revision: '99' },
          {},
          /E_NO_TARGET: revision 99 of api is not stored; stored are 1, 2/,
        ],
        [{ revision: '1' }, {}, /E_CONFIG: 'revision' counts per release/],
        [{ namespace: 'kube-system' }, {}, /E_CONFIG: 'namespace' is 'kube-system'/],
        [{ environment: 'staging' }, {}, /E_CONFIG: namespace \S+ belongs to environment production/],
        [{ environments: '- {branch: *}' }, {}, /E_CONFIG: environments line 1: not valid YAML/],
        [{ environments: 'nowhere.yml' }, {}, /E_CONFIG: 'environments' names nowhere.yml/],
        [{ environments: map('elsewhere'), environment: 'production' }, {}, /E_CONFIG: 'namespace' is/],
        [production, dispatch, /E_CONFIG: a manual rollback of production needs 'confirm: production'/],
        [{ ...production, confirm: 'staging' }, dispatch, /E_CONFIG: 'confirm' is 'staging'/],
        [{ kubeconfig: 'not: [a' }, {}, /E_CONFIG: input 'kubeconfig'/],
        [{ kubeconfig: unusable }, {}, /E_AUTH/],
        [{ 'kube-context': 'nowhere' }, {}, /E_AUTH/],
        [{ relase: 'api' }, {}, /E_CONFIG: unknown input 'relase'/],
      ];
      for (const [inputs, run, problem] of rows) {
        const result = await shop.rollback(inputs, run);
        expect([inputs, result.code]).toEqual([inputs, 1]);
        expect(result.errors).toHaveLength(1);
        expect(result.errors[0]).toMatch(problem);
        expect(`${result.log}${result.summary}${JSON.stringify(result.outputs)}`).not.toContain(
          'planted-canary',
        );
      }
      expect(JSON.stringify(await shop.ledger())).toBe(before);
      expect((await shop.current('api')).revision).toBe(2);
      expect(await shop.lockHolder()).toBeUndefined();

      // By hand a gated environment is only previewed, unless told otherwise; the preview says what the server says.
      const preview = await shop.rollback(
        { environments: map(shop.namespace), environment: 'production' },
        dispatch,
      );
      expect(preview.errors).toEqual([]);
      expect(preview.summary).toContain('Would roll back production');
      expect(preview.summary).toContain('1 live fields would change, says the server');
      expect((await shop.current('api')).revision).toBe(2);

      const confirmed = await shop.rollback(
        { ...production, confirm: 'production', reason: 'by hand' },
        dispatch,
      );
      expect(confirmed.errors).toEqual([]);
      expect((await shop.get('configmaps', 'settings'))?.data).toEqual({ value: '1' });
      expect((await shop.ledger()).plans).toMatchObject([{ automatic: false, reason: 'by hand' }]);
    };
    return withDelivery('inputs', 4, body, 'production');
  });
});
