import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  claimedIdentity,
  isExpired,
  missingOwnership,
  previewAnnotations,
  previewLabels,
  type PreviewIdentity,
} from './preview-identity.ts';

const identity: PreviewIdentity = {
  repository: 'shop/shop',
  branch: 'feature/a',
  slug: 'feature-a-h00000000',
};

describe('preview identity', () => {
  it('writes valid label values for any branch and owns what it wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (branch) => {
        const one = { ...identity, branch };
        for (const value of Object.values(previewLabels(one)))
          expect(value).toMatch(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/);
        expect(missingOwnership(previewLabels(one), one)).toEqual([]);
      }),
    );
  });

  it.each([[{ repository: 'other/shop' }], [{ branch: 'feature/b' }], [{ slug: 'x' }]])(
    'does not own what differs in %j',
    (change) => {
      expect(missingOwnership(previewLabels({ ...identity, ...change }), identity)).toHaveLength(1);
    },
  );

  it('does not own an unlabelled namespace', () => {
    expect(missingOwnership(undefined, identity)).toHaveLength(5);
    expect(claimedIdentity({})).toBeUndefined();
  });

  it('reads back its claim and its end', () => {
    const annotations = previewAnnotations(identity, 1_000);
    expect(claimedIdentity({ labels: previewLabels(identity), annotations })).toEqual(identity);
    expect(isExpired(annotations, 999)).toBe(false);
    expect(isExpired(annotations, 1_000)).toBe(true);
    expect(isExpired(previewAnnotations(identity, undefined), 9e15)).toBe(false);
  });
});
