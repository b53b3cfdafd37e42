import { escapeRegex, labelTest, printSelector, type Matcher, type Selector } from './matchers.ts';
import type { Labels } from './series.ts';

/**
 * Selector texts that together fetch everything the given selectors match: one text when the matchers they share
 * keep it narrow, else one for each. What they fetch in excess is sorted out by `selectorTest`.
 */
export function planQueries(selectors: readonly Selector[]): string[] {
  const metrics = [...new Set(selectors.map(({ metric }) => metric ?? ''))].filter((m) => m !== '');
  const shared = sharedMatchers(selectors.map(({ matchers }) => matchers));
  const narrow = shared.some((m) => (m.operator === '=' || m.operator === '=~') && m.value !== '');
  if (selectors.length > 0 && metrics.length > 0 && (narrow || selectors.length === 1))
    return [printSelector(metrics, shared)];
  return [
    ...new Set(
      selectors.map(({ metric, matchers }) => printSelector(metric === undefined ? [] : [metric], matchers)),
    ),
  ];
}

/** Whether a series, with its `__name__`, is matched by the selector. */
export function selectorTest(selector: Selector): (labels: Labels) => boolean {
  const test = labelTest(selector.matchers);
  return (labels) => (selector.metric === undefined || labels.__name__ === selector.metric) && test(labels);
}

/** The selector with more matchers merged in. */
export function narrowed(selector: Selector, matchers: readonly Matcher[]): Selector {
  const known = new Set(selector.matchers.map(text));
  return { ...selector, matchers: [...selector.matchers, ...matchers.filter((m) => !known.has(text(m)))] };
}

/** Matchers that hold for every list: the equal ones, and equalities on one label joined to a regex of its values. */
function sharedMatchers(lists: readonly (readonly Matcher[])[]): Matcher[] {
  const [first = [], ...others] = lists;
  const shared: Matcher[] = [];
  for (const matcher of first) {
    if (others.every((list) => list.some((m) => text(m) === text(matcher)))) {
      shared.push(matcher);
      continue;
    }
    const values = lists.map(
      (list) => list.find((m) => m.label === matcher.label && m.operator === '=')?.value,
    );
    if (matcher.operator !== '=' || values.includes(undefined)) continue;
    const joined = [...new Set(values as string[])].map(escapeRegex).join('|');
    shared.push({ label: matcher.label, operator: '=~', value: joined });
  }
  return shared;
}

function text(matcher: Matcher): string {
  return `${matcher.label}${matcher.operator}${matcher.value}`;
}
