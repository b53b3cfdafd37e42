import { describe, expect, it } from '@jest/globals';
import { previewAnnotations, previewLabels } from '../../../toolkit/environments/preview-identity.ts';
import { fakeKubernetes } from '../../../toolkit/kubernetes/fake-kubernetes.ts';
import { sweepPreviews, tearDown } from './previews.ts';

const now = Date.parse('2026-01-02T00:00:00Z');
const identity = { repository: 'shop/shop', branch: 'feature/x', slug: 'x-h1' };

const namespaceUntil = (expiresAt: number) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: 'preview-x',
    labels: previewLabels(identity),
    annotations: previewAnnotations(identity, expiresAt),
  },
});

/** A cluster with one preview whose time is over; `whileWaiting` happens before the lock is got. */
function setUp(whileWaiting: (kubernetes: ReturnType<typeof fakeKubernetes>) => void = () => undefined) {
  const kubernetes = fakeKubernetes([namespaceUntil(now - 1)]);
  const cluster = {
    kubernetes,
    helm: { releases: async () => new Map() },
    holder: { identity: 'me', instance: '', runUrl: '' },
    leases: {
      acquire: async () => {
        whileWaiting(kubernetes);
        return { namespace: '', lost: new AbortController().signal, release: async () => undefined };
      },
    },
  } as never;
  const ports = {
    github: { repository: identity.repository },
    clock: { now: () => now },
    state: { save: () => undefined },
    signal: new AbortController().signal,
  } as never;
  const isThere = async (): Promise<boolean> =>
    (await kubernetes.get({ resource: 'namespaces', name: 'preview-x' })) !== undefined;
  return { cluster, ports, isThere };
}

describe('sweepPreviews', () => {
  it('removes what is over', async () => {
    const { cluster, ports, isThere } = setUp();
    expect(await sweepPreviews(ports, cluster, 0, false)).toEqual(['preview-x']);
    expect(await isThere()).toBe(false);
  });

  it('leaves a preview that was deployed again while its lock was waited for', async () => {
    const { cluster, ports, isThere } = setUp((kubernetes) => {
      kubernetes.put(namespaceUntil(now + 3_600_000));
    });
    expect(await sweepPreviews(ports, cluster, 0, false)).toEqual([]);
    expect(await isThere()).toBe(true);
  });

  it('only names them in a dry run', async () => {
    const { cluster, ports, isThere } = setUp();
    expect(await sweepPreviews(ports, cluster, 0, true)).toEqual(['preview-x']);
    expect(await tearDown(ports, cluster, 'preview-x', identity, 0, { dryRun: true })).toBe('removed');
    expect(await isThere()).toBe(true);
  });
});
