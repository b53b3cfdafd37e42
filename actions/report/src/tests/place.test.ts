import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { placeOf } from './place.ts';

const root = '/home/runner/work/shop/shop';
const files = [
  'web/test/cart.test.js',
  'web/src/cart.js',
  'top.test.js',
  'web/node_modules/chai/chai.js',
  'a b.test.js',
];
const ground = { root, folder: 'web', isFile: (path: string) => files.includes(path) };
const failure = { message: '', details: '', file: '', line: undefined };

describe('placeOf', () => {
  it.each([
    [
      'the frame of the test in a stack',
      `    at f (${root}/web/src/cart.js:3:1)\n    at Object.<anonymous> (${root}/web/test/cart.test.js:9:5)`,
      'test/cart.test.js',
      'web/test/cart.test.js:9',
    ],
    [
      'the first frame in the repository',
      `    at eq (${root}/web/node_modules/chai/chai.js:1:1)\n    at Test.run (node:internal/test:1:2)\n    at f (${root}/web/src/cart.js:3:1)`,
      '',
      'web/src/cart.js:3',
    ],
    [
      'a frame with an address',
      `      at TestContext.<anonymous> (file://${root}/top.test.js:2:103)`,
      '',
      'top.test.js:2',
    ],
    ['a frame without brackets', `    at async ${root}/top.test.js:2:103`, '', 'top.test.js:2'],
    ['a path of pytest', 'test/cart.test.js:4: AssertionError', '', undefined],
    ['the file alone', '', `${root}/web/test/cart.test.js`, 'web/test/cart.test.js:1'],
    ['a file relative to the root', '', 'web/test/cart.test.js', 'web/test/cart.test.js:1'],
    ['a file with a space', '', '../a b.test.js', 'a b.test.js:1'],
    ['a file elsewhere', '    at f (/etc/passwd:1:1)', '../../../../etc/passwd', undefined],
    ['a broken address', 'at file:///%E0%A4%A.js:1:1', '', undefined],
  ])('finds %s', (_, details, file, expected) => {
    const place = placeOf({ ...failure, details, file }, ground);
    expect(place && `${place.path}:${place.line}`).toBe(expected);
  });

  it('takes the line that the runner names before a helper’s', () => {
    const details = `    at f (${root}/web/src/cart.js:3:1)`;
    expect(placeOf({ ...failure, details, file: 'test/cart.test.js', line: 12 }, ground)?.line).toBe(12);
  });

  it('names no file outside the repository, whatever the results say', () => {
    const path = fc.array(fc.constantFrom('..', 'web', 'top.test.js', '/', 'file://', 'etc'), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(path, path, (file, at) => {
        const text = { ...failure, file: file.join('/'), details: `at ${at.join('/')}:1:1` };
        const place = placeOf(text, { ...ground, isFile: () => true });
        expect(place?.path ?? '').not.toMatch(/^(\/|\.\.(\/|$))/);
      }),
    );
  });
});
