import { describe, expect, it } from '@jest/globals';
import { dockerfileOf, fromLine, imageTargets, repositoryOf } from './images.ts';

const place = { path: 'Dockerfile', startLine: 3 };

describe('imageTargets', () => {
  it('gives every build of an image the same role', () => {
    const [one] = imageTargets([`example.com/shop:1@sha256:${'a'.repeat(64)}`], place);
    const [two] = imageTargets(['example.com/shop:2'], place);
    expect(one?.role).toBe('image:example.com/shop');
    expect(two?.role).toBe(one?.role);
  });

  it('names the base image as the image it is compared with', () => {
    const [target] = imageTargets(['example.com/shop:2'], place, ['other.example.com/live/shop:1']);
    expect(target).toEqual({
      reference: 'other.example.com/live/shop:1',
      name: 'example.com/shop',
      role: 'image:example.com/shop',
      place,
    });
  });
});

it.each([
  ['shop', 'shop'],
  ['shop:1', 'shop'],
  ['127.0.0.1:5000/shop/backend', '127.0.0.1:5000/shop/backend'],
  ['127.0.0.1:5000/shop/backend:1.2', '127.0.0.1:5000/shop/backend'],
  ['shop@sha256:abc', 'shop'],
])('repositoryOf(%s) is %s', (reference, name) => {
  expect(repositoryOf(reference)).toBe(name);
});

describe('the place of an image', () => {
  it('is the Dockerfile of the input, the only one, or the one at the top', () => {
    expect(dockerfileOf('a/Dockerfile', [])).toBe('a/Dockerfile');
    expect(dockerfileOf('', ['b/Dockerfile', 'b/x'])).toBe('b/Dockerfile');
    expect(dockerfileOf('', ['b/Dockerfile', 'Dockerfile'])).toBe('Dockerfile');
    expect(dockerfileOf('', ['b/Dockerfile', 'c/Dockerfile'])).toBeUndefined();
  });

  it('is its last FROM line', () => {
    expect(fromLine('# x\nFROM a AS build\nRUN x\nfrom b\nCOPY . .\n')).toBe(4);
    expect(fromLine('RUN x\n')).toBe(1);
    expect(fromLine(undefined)).toBe(1);
  });
});
