import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lineHashes } from './line-hash.ts';

describe('lineHashes', () => {
  it('gives the known hashes', () => {
    expect(lineHashes('')).toEqual(['c129715d7a2bc9a3:1']);
    expect(lineHashes(' a\nb\n  \t\tc\n d')).toEqual([
      '271789c17abda88f:1',
      '54703d4cd895b18:1',
      '180aee12dab6264:1',
      'a23a3dc5e078b07b:1',
    ]);
    expect(lineHashes('Lorem ipsum dolor sit amet.\n'.repeat(10))).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((count) => `a7f2ff13bc495cf2:${count}`),
      'a7f2ff1481e87703:1',
      'a9cf91f7bbf1862b:1',
      '55ec222b86bcae53:1',
      'cc97dc7b1d7d8f7b:1',
      'c129715d7a2bc9a3:1',
    ]);
  });

  it('does not see indentation or the kind of line end', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ';', '(') })), (lines) => {
        const plain = lineHashes(lines.join('\n'));
        expect(lineHashes(lines.map((line) => `\t  ${line}`).join('\r\n'))).toEqual(plain);
        expect(lineHashes(lines.join('\r'))).toEqual(plain);
      }),
    );
  });

  it('agrees with the plain definition over 64-bit integers', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const letters = text.replaceAll(/[ \t\r\n]/g, '');
        let hash = 0n;
        const codes = [...Array(letters.length).keys()].map((index) => letters.charCodeAt(index));
        const read = [...codes, 65535, ...(Array(100).fill(0) as number[])].slice(0, 100);
        for (const code of read) hash = BigInt.asUintN(64, hash * 37n + BigInt(code));
        expect(lineHashes(letters)[0]).toBe(`${hash.toString(16)}:1`);
      }),
    );
  });
});
