import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../../../toolkit/action/errors.ts';
import { helmCli } from '../../../toolkit/helm/helm-cli.ts';
import { fakeKubernetes } from '../../../toolkit/kubernetes/fake-kubernetes.ts';
import type { KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { configMapLedger } from '../../../toolkit/ledger/ledger-store.ts';
import { lookAround } from './look-around.ts';

/** A runner without Helm, and a server with these answers. */
const look = (answers: Partial<KubernetesPort>): ReturnType<typeof lookAround> => {
  const kubernetes = { ...fakeKubernetes(), ...answers };
  const process = { run: async () => Promise.reject(new Error('spawn helm ENOENT')) };
  const helm = helmCli({ process, kubernetes, env: {}, context: '', cwd: '/' });
  const ledger = configMapLedger(kubernetes);
  return lookAround(
    { kubernetes, helm, ledger },
    { environment: 'test', namespace: 'shop' },
    { releases: [], deploy: '' },
  );
};

const silent = async (): Promise<never> =>
  Promise.reject(new ApiError('E_TIMEOUT', 'no answer', { status: 0 }));
const refused = async (): Promise<never> =>
  Promise.reject(new ApiError('E_RBAC', 'forbidden', { status: 403 }));
const denied: KubernetesPort['denied'] = async () => [
  { verb: 'list', resource: 'secrets', namespace: 'shop' },
];

describe('lookAround', () => {
  it('sees what there is, also where Helm is missing', async () => {
    await expect(look({})).resolves.toMatchObject({ scope: { kind: 'none' } });
  });

  it('tells a server that does not answer first, though nothing else can succeed either', async () => {
    await expect(look({ serverVersion: silent, denied: silent, list: silent })).rejects.toMatchObject({
      code: 'E_AUTH',
    });
  });

  it('tells the missing right, and not the request that failed for it', async () => {
    await expect(look({ denied, list: refused })).rejects.toThrow(/may not list secrets in shop/);
  });
});
