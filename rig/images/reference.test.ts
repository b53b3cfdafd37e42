import { describe, expect, it } from '@jest/globals';
import { parseReference } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('image references', () => {
  it.each([
    ['nginx', { repository: 'nginx', tag: 'latest', digest: undefined }],
    ['nginx:1.29', { repository: 'nginx', tag: '1.29', digest: undefined }],
    [
      'registry.example.com:5000/shop/backend',
      { repository: 'registry.example.com:5000/shop/backend', tag: 'latest' },
    ],
    ['registry.example.com:5000/shop/backend:v1', { tag: 'v1' }],
    [`shop/backend:v1@${digest}`, { repository: 'shop/backend', tag: 'v1', digest }],
    [`shop/backend@${digest}`, { repository: 'shop/backend', digest }],
  ])('%s', (text, expected) => {
    expect(parseReference(text)).toMatchObject(expected);
  });

  it.each(['', 'Shop:1', '../etc:1', 'a/../../b:1', 'shop:', 'shop@sha256:12', 'shop:v 1'])(
    'refuses %j',
    (text) => {
      expect(() => parseReference(text)).toThrow('is no image reference');
    },
  );
});
