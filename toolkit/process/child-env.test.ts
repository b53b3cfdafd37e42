import { describe, expect, it } from '@jest/globals';
import { childEnv } from './child-env.ts';

const runner = {
  PATH: '/bin',
  HOME: '/home/u',
  LC_ALL: 'C',
  https_proxy: 'http://proxy',
  GITHUB_TOKEN: 't1',
  ACTIONS_RUNTIME_TOKEN: 't2',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't3',
  'INPUT_GITHUB-TOKEN': 't4',
  NODE_OPTIONS: '--require=evil',
  AWS_SECRET_ACCESS_KEY: 't5',
  KUBECONFIG: '/k',
};

describe('childEnv', () => {
  it('gives a plain child no token of any kind', () => {
    expect(childEnv(runner, 'plain')).toEqual({
      PATH: '/bin',
      HOME: '/home/u',
      LC_ALL: 'C',
      https_proxy: 'http://proxy',
    });
  });

  it('gives a cluster child what its authentication plugins read, and still no GitHub token', () => {
    expect(Object.values(childEnv(runner, 'cluster'))).toEqual(expect.arrayContaining(['t5', '/k']));
    for (const token of ['t1', 't2', 't3', 't4']) {
      expect(Object.values(childEnv(runner, 'cluster'))).not.toContain(token);
    }
  });

  const pod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };

  it('lets a cluster child find the cluster of its own pod, unless a kubeconfig names one', () => {
    expect(childEnv(pod, 'cluster')).toEqual(pod);
    expect(childEnv({ ...pod, KUBECONFIG: '' }, 'cluster')).toMatchObject(pod);
    expect(childEnv(pod, 'plain')).toEqual({});
    expect(childEnv({ ...pod, KUBECONFIG: '/k' }, 'cluster')).toEqual({ KUBECONFIG: '/k' });
    expect(childEnv(pod, 'cluster', { KUBECONFIG: '/k' })).toEqual({ KUBECONFIG: '/k' });
  });

  it('keeps from helm what would lead it to another cluster than kubectl', () => {
    const helm = { HELM_CACHE_HOME: '/c', HELM_KUBECONTEXT: 'other', HELM_KUBEAPISERVER: 'https://other' };
    expect(childEnv(helm, 'cluster')).toEqual({ HELM_CACHE_HOME: '/c' });
  });

  it('adds exactly the credential that is asked for', () => {
    expect(childEnv(runner, 'plain', { SNYK_TOKEN: 's' })).toMatchObject({ SNYK_TOKEN: 's' });
  });
});
