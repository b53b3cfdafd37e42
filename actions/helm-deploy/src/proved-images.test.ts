import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseProvedImages, requireProved, type ProvedImage } from './proved-images.ts';

const app = (digest: string): ProvedImage => ({ image: 'app:1', digest });

describe('requireProved', () => {
  it.each<[string, ProvedImage[], ProvedImage[]]>([
    ['the same content', [app('sha256:a')], [app('sha256:a')]],
    ['one of two that were in use', [app('sha256:a'), app('sha256:b')], [app('sha256:b')]],
    ['what no node told there', [app('')], [app('sha256:a')]],
    ['what no node told here', [app('sha256:a')], [app('')]],
    ['another name', [app('sha256:a')], [{ image: 'app:2', digest: 'sha256:b' }]],
    ['nothing to compare with', [], [app('sha256:a')]],
  ])('takes %s', (_, proved, running) => {
    expect(() => {
      requireProved(proved, running);
    }).not.toThrow();
  });

  it('refuses a tag that was pushed again, and names both digests', () => {
    expect(() => {
      requireProved([app('sha256:a')], [app('sha256:b')]);
    }).toThrow('app:1 is sha256:b here, and sha256:a was proved');
  });

  it('never refuses what ran there', () => {
    const images = fc.array(
      fc.record({ image: fc.constantFrom('a', 'b'), digest: fc.constantFrom('', 'x', 'y') }),
    );
    fc.assert(
      fc.property(images, (list) => {
        requireProved(list, list);
      }),
    );
  });
});

describe('parseProvedImages', () => {
  it('reads the output of a deploy, and nothing for nothing', () => {
    const text = '[{"workload":"Deployment/app","container":"app","image":"app:1","digest":"sha256:a"}]';
    expect(parseProvedImages(text)).toEqual([app('sha256:a')]);
    expect(parseProvedImages('')).toEqual([]);
  });
  it.each(['app:1', '{}', '[{"image":1}]'])('refuses %j', (text) => {
    expect(() => parseProvedImages(text)).toThrow('proved-images');
  });
});
