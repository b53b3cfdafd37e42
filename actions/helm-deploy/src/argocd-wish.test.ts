import { describe, expect, it } from '@jest/globals';
import { resourcesOf, syncHistory, syncFingerprint } from '../../../toolkit/argocd/application.ts';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import { comparableHistory } from './argocd-state.ts';
import { syncOf, wishFor } from './argocd-wish.ts';

const own = { repoURL: 'https://github.com/Example/shop.git', path: 'deploy', targetRevision: 'main' };
const foreign = { repoURL: 'https://charts.example.com', chart: 'redis', targetRevision: '1.2.3' };
const commit = { repository: 'example/shop', sha: 'a'.repeat(40) };
const application = (spec: object, status: object = {}): KubernetesObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd' },
  spec: { destination: { namespace: 'production' }, ...spec },
  status,
});

describe('wishFor', () => {
  it.each([
    'https://github.com/example/shop',
    'https://github.com/Example/Shop.git',
    'git@github.com:example/shop.git',
    'https://github.com/example/shop/',
  ])('sets the commit where %s is the repository of the run', (repoURL) => {
    const { revisions } = wishFor(application({ source: { ...own, repoURL } }), commit, 'production');
    expect(revisions).toEqual([commit.sha]);
  });

  it.each([
    'https://github.com/example/shop-config',
    'https://github.com/other/shop',
    'https://charts.example.com',
  ])('leaves %s at what it names', (repoURL) => {
    const { revisions } = wishFor(application({ source: { ...own, repoURL } }), commit, 'production');
    expect(revisions).toEqual(['main']);
  });

  it('sets only its own source of several', () => {
    const wish = wishFor(application({ sources: [foreign, own] }), commit, 'production');
    expect(wish.revisions).toEqual(['1.2.3', commit.sha]);
    expect(syncOf(wish, 'https://run')).toMatchObject({
      spec: { sources: [foreign, { ...own, targetRevision: commit.sha }] },
      sync: { revisions: ['1.2.3', commit.sha] },
    });
  });

  it('refuses an Application that syncs by itself, and one for another namespace', () => {
    const automated = application({ source: own, syncPolicy: { automated: {} } });
    expect(() => wishFor(automated, commit, 'production')).toThrow(
      expect.objectContaining({ code: 'E_CONFLICT' }),
    );
    const paused = application({ source: own, syncPolicy: { automated: { enabled: false } } });
    expect(wishFor(paused, commit, 'production').isMulti).toBe(false);
    expect(() => wishFor(application({ source: own }), commit, 'staging')).toThrow(
      expect.objectContaining({ code: 'E_OWNERSHIP' }),
    );
  });
});

describe('comparableHistory', () => {
  const history = [
    { id: 0, revision: '1', source: own, deployedAt: 't' },
    { id: 1, revision: '2', source: own, deployedAt: 't' },
  ];

  it('keeps what the ledger knows a sync by', () => {
    const found = application({ source: own }, { history, sync: { status: 'Synced' } });
    expect(comparableHistory(found).map(({ manifestSha256 }) => manifestSha256)).toEqual(
      syncHistory(found).map(syncFingerprint),
    );
    expect(comparableHistory(found).map(({ status }) => status)).toEqual(['superseded', 'deployed']);
  });

  it('does not take for deployed what the cluster no longer is', () => {
    const drifted = application({ source: own }, { history, sync: { status: 'OutOfSync' } });
    expect(comparableHistory(drifted).at(-1)?.status).toBe('failed');
  });
});

it('reads which objects an Application holds', () => {
  const resources = [
    { group: 'apps', kind: 'Deployment', name: 'api', namespace: 'other' },
    { kind: 'Service', name: 'api' },
  ];
  expect(resourcesOf(application({}, { resources }))).toEqual([
    { kind: 'Deployment', name: 'api', namespace: 'other' },
    { kind: 'Service', name: 'api', namespace: 'production' },
  ]);
});
