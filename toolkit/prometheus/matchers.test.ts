import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  SelectorError,
  labelTest,
  parseMatchers,
  parseSelector,
  printMatchers,
  printSelector,
} from './matchers.ts';

describe('parseMatchers', () => {
  it('reads all four operators, both quotes, escapes and a trailing comma', () => {
    expect(parseMatchers(`app="sh\\"op", track != 'x',pod=~"a|b" ,code!~"5..",`)).toEqual([
      { label: 'app', operator: '=', value: 'sh"op' },
      { label: 'track', operator: '!=', value: 'x' },
      { label: 'pod', operator: '=~', value: 'a|b' },
      { label: 'code', operator: '!~', value: '5..' },
    ]);
  });

  it.each(['app', 'app=shop', 'app="x" track="y"', 'app=="x"', '="x"', 'app="x', 'a=~"("'])(
    'refuses %s',
    (text) => {
      expect(() => parseMatchers(text)).toThrow(SelectorError);
    },
  );

  it('reads back what it prints', () => {
    const matcher = fc.record({
      label: fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/),
      operator: fc.constantFrom('=' as const, '!=' as const),
      value: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(matcher), (matchers) => {
        expect(parseMatchers(printMatchers(matchers))).toEqual(matchers);
      }),
    );
  });
});

describe('parseSelector', () => {
  it.each([
    ['up', 'up', 0],
    ['job:requests:sum{app="x"}', 'job:requests:sum', 1],
    ['{__name__="up",app="x"}', 'up', 1],
    ['{app="x"}', undefined, 1],
  ])('%s', (text, metric, count) => {
    const selector = parseSelector(text);
    expect(selector.metric).toBe(metric);
    expect(selector.matchers).toHaveLength(count);
  });

  it.each(['rate(up[5m])', 'up[5m]', 'sum(up)', '', 'up + up', 'up{'])('refuses %s', (text) => {
    expect(() => parseSelector(text)).toThrow(SelectorError);
  });
});

describe('labelTest', () => {
  it.each([
    ['an absent label is empty', 'code=""', {}, true],
    ['regexes are anchored', 'code=~"5"', { code: '500' }, false],
    ['alternatives are anchored as a whole', 'code=~"4|5.."', { code: '5xxx' }, false],
    ['a case-insensitive RE2 prefix works', 'pod=~"(?i)SHOP.*"', { pod: 'shop-1' }, true],
    ['a negative match takes absent labels in', 'code!~"5.."', {}, true],
    ['every matcher has to hold', 'a="1",b="2"', { a: '1' }, false],
  ])('%s', (_, text, labels, expected) => {
    expect(labelTest(parseMatchers(text))(labels)).toBe(expected);
  });
});

describe('printSelector', () => {
  it('names one metric before the braces, several as a match on the name, none not at all', () => {
    const matchers = parseMatchers('app="x"');
    expect(printSelector(['up'], [])).toBe('up');
    expect(printSelector(['up'], matchers)).toBe('up{app="x"}');
    expect(printSelector(['a.b', 'c'], matchers)).toBe('{__name__=~"a\\\\.b|c",app="x"}');
    expect(printSelector([], matchers)).toBe('{app="x"}');
  });
});
