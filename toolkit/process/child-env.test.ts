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

  it('adds exactly the credential that is asked for', () => {
    expect(childEnv(runner, 'plain', { SNYK_TOKEN: 's' })).toMatchObject({ SNYK_TOKEN: 's' });
  });
});
