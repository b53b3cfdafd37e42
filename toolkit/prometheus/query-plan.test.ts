import { describe, expect, it } from '@jest/globals';
import { parseMatchers, parseSelector } from './matchers.ts';
import { narrowed, planQueries, selectorTest } from './query-plan.ts';

const arms = ['app="shop",track="canary"', 'app="shop",track="stable"'].map(parseMatchers);
const both = (text: string) => arms.map((arm) => narrowed(parseSelector(text), arm));

describe('planQueries', () => {
  it('asks once for both arms and for events together with their total', () => {
    const selectors = [...both('checkout_total{result="error"}'), ...both('checkout_total')];
    expect(planQueries(selectors)).toEqual(['checkout_total{app="shop",track=~"canary|stable"}']);
  });

  it('asks once for events that are counted by a metric of their own', () => {
    const selectors = [...both('failed_total'), ...both('started_total')];
    expect(planQueries(selectors)).toEqual([
      '{__name__=~"failed_total|started_total",app="shop",track=~"canary|stable"}',
    ]);
  });

  it('asks for each arm by itself when they share nothing that narrows', () => {
    const selectors = ['job="a"', 'team!="b"'].map((arm) =>
      narrowed(parseSelector('up'), parseMatchers(arm)),
    );
    expect(planQueries(selectors)).toEqual(['up{job="a"}', 'up{team!="b"}']);
  });

  it('fetches everything that any of the selectors matches', () => {
    const selectors = both('requests_total{code=~"5.."}');
    const [query] = planQueries(selectors);
    const fetched = selectorTest(parseSelector(query ?? ''));
    for (const track of ['canary', 'stable'])
      expect(fetched({ __name__: 'requests_total', app: 'shop', track, code: '503' })).toBe(true);
    expect(fetched({ __name__: 'requests_total', app: 'other', track: 'canary', code: '503' })).toBe(false);
  });
});
