import { expect, it } from '@jest/globals';
import { checkName } from './tell-github.ts';

it('names the check run after what the inputs choose, so that two steps of a commit do not share one', () => {
  const plain = { scanners: ['trivy-fs', 'trivy-config'], path: '.', images: [] } as const;
  expect(checkName(plain)).toBe('gated-delivery scan (trivy-config, trivy-fs)');
  expect(checkName({ ...plain, path: 'services/a' })).toBe(
    'gated-delivery scan (trivy-config, trivy-fs; services/a)',
  );
  const images = ['example.com/shop/backend:1@sha256:abc'];
  expect(checkName({ scanners: ['trivy-image'], path: '.', images })).toBe(
    'gated-delivery scan (trivy-image; example.com/shop/backend)',
  );
});
