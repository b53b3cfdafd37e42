import { describe, expect, it } from '@jest/globals';
import { claimsTable } from './claims.ts';

const pages: Record<string, string> = {
  'canary-grid.md': `
| promise | measured | |
| --- | --- | --- |
| false promotions ≤ 5 % at the margin, all | 0.8 % | kept |
| median delay ≤ 1.25 × bound on average (all) | 1.16 | kept |

| judge | stops a healthy canary |
| --- | --- |
| argo-1.5x | 5.9 % |
| gate-fail | 0.01 % |
`,
  'rollback.md': `
|        | command | serving after (s) |
| ------ | ------- | ----------------- |
| helm 3 | rollback action | 9.99 |
| helm 4 | \`helm rollback api 1\` | 0.26 |
| helm 4 | rollback action | 1.16 |
`,
  'start.md': '| started | times `node -e 0` |\n| --- | --- |\n| scan | 2.4 |\n',
};
const read = (page: string): string => pages[page] ?? '';

describe('claimsTable', () => {
  it('takes every figure from the page of its benchmark', () => {
    const table = claimsTable(read);
    for (const value of ['| 0.01 % | 5.9 % (', '| 0.8 % |', '| 1.16 |', '| 1.16 | 0.26 (', '| 2.4 |'])
      expect(table).toContain(value);
    expect(table).not.toContain('9.99');
  });

  it('refuses a claim whose benchmark no longer tells it', () => {
    expect(() => claimsTable((page) => read(page).replace('| gate-fail |', '| gate |'))).toThrow(
      "canary-grid.md has no row 'gate-fail'",
    );
  });
});
