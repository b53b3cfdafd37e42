import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeRelease,
  encodeRelease,
  failedPatch,
  readReleaseSecret,
  sha256,
  stableJson,
} from './release-secret.ts';

const release = {
  name: 'api',
  namespace: 'shop',
  version: 3,
  info: {
    status: 'pending-upgrade',
    description: 'Preparing upgrade',
    last_deployed: '2026-01-01T00:00:00Z',
  },
  chart: { metadata: { name: 'api', version: '1.2.3', appVersion: '9' } },
  config: { b: 1, a: { d: [1], c: 2 } },
  manifest: '---\nkind: ConfigMap\n',
  hooks: [{ name: 'migrate', kind: 'Job', events: ['pre-upgrade'], manifest: 'kind: Job' }],
};
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'helm.sh/release.v1',
  metadata: {
    name: 'sh.helm.release.v1.api.v3',
    namespace: 'shop',
    resourceVersion: '77',
    labels: { status: 'pending-upgrade' },
  },
  data: { release: encodeRelease(release) },
};

describe('readReleaseSecret', () => {
  it('reads what Helm stores', () => {
    expect(readReleaseSecret(secret)).toMatchObject({
      name: 'api',
      revision: 3,
      status: 'pending-upgrade',
      chart: 'api',
      chartVersion: '1.2.3',
      manifestSha256: sha256(release.manifest),
      valuesSha256: sha256('{"a":{"c":2,"d":[1]},"b":1}'),
      hooks: [{ name: 'migrate', events: ['pre-upgrade'] }],
      secret: { resourceVersion: '77' },
    });
  });

  it('passes over damaged and foreign Secrets', () => {
    expect(readReleaseSecret({ ...secret, data: { release: 'AAAA' } })).toBeUndefined();
    expect(readReleaseSecret({ ...secret, type: 'Opaque' })).toBeUndefined();
    expect(readReleaseSecret({ ...secret, data: undefined })).toBeUndefined();
  });
});

describe('failedPatch', () => {
  it('changes status and label under the version that was read, and nothing else of the record', () => {
    const patch = failedPatch(secret, 'left by a dead run') as {
      metadata: unknown;
      data: { release: string };
    };
    expect(patch.metadata).toEqual({ resourceVersion: '77', labels: { status: 'failed' } });
    expect(decodeRelease(patch.data.release)).toEqual({
      ...release,
      info: { ...release.info, status: 'failed', description: 'left by a dead run' },
    });
  });
});

describe('encodeRelease', () => {
  it('is undone by decodeRelease for any JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(decodeRelease(encodeRelease(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('stableJson', () => {
  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.string(), fc.integer()), { selector: ([key]) => key }),
        (pairs) => {
          const safe = pairs.filter(([key]) => key !== '__proto__');
          expect(stableJson(Object.fromEntries(safe))).toBe(
            stableJson(Object.fromEntries(safe.toReversed())),
          );
        },
      ),
    );
  });
});
