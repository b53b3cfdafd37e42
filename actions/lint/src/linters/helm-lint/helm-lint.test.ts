import { describe, expect, it } from '@jest/globals';
import { chartFolders, parseHelmLint } from './helm-lint.ts';

describe('parseHelmLint', () => {
  it('finds level, file and line, and joins what is indented below', () => {
    const text = `==> Linting charts/shop
[INFO] Chart.yaml: icon is recommended
[ERROR] templates/: parse error at (shop/templates/z.yaml:2): unclosed action
[WARNING] : unable to load chart
\tvalidation: version is invalid

Error: 1 chart(s) linted, 1 chart(s) failed
`;
    const findings = parseHelmLint(text, 'charts/shop');
    expect(
      findings.map(({ level, location, message }) => [level, location.path, location.startLine, message]),
    ).toEqual([
      ['note', 'charts/shop/Chart.yaml', 1, 'icon is recommended'],
      [
        'error',
        'charts/shop/templates/z.yaml',
        2,
        'parse error at (shop/templates/z.yaml:2): unclosed action',
      ],
      ['warning', 'charts/shop/Chart.yaml', 1, 'unable to load chart validation: version is invalid'],
    ]);
  });
});

describe('chartFolders', () => {
  it('leaves a chart inside another to that other', () => {
    expect(chartFolders(['a/Chart.yaml', 'a/charts/b/Chart.yaml', 'c/Chart.yaml', 'a/values.yaml'])).toEqual([
      'a',
      'c',
    ]);
  });
});
