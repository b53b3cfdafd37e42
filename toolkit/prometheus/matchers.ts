export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** A metric name (absent when only matchers are given) and its matchers. */
export interface Selector {
  readonly metric: string | undefined;
  readonly matchers: readonly Matcher[];
}

/** Text that is not a label matcher list or a vector selector; `message` says where. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
}

const matcherPattern =
  /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(,|$)/y;

/** Parses `app="shop",track=~"a|b"`; a trailing comma is allowed. Throws `SelectorError`. */
export function parseMatchers(text: string): Matcher[] {
  const matchers: Matcher[] = [];
  const source = text.trim();
  let at = 0;
  while (at < source.length) {
    matcherPattern.lastIndex = at;
    const found = matcherPattern.exec(source);
    if (found === null) throw new SelectorError(`expected label="value" at '${source.slice(at, at + 30)}'`);
    const [, label = '', operator = '=', quoted = '""'] = found;
    const matcher = { label, operator: operator as MatchOperator, value: unquote(quoted) };
    if (operator === '=~' || operator === '!~') compileRegex(matcher.value);
    matchers.push(matcher);
    at = matcherPattern.lastIndex;
  }
  return matchers;
}

/** Parses `metric`, `metric{…}` or `{__name__="metric",…}`. Functions and ranges are refused with `SelectorError`. */
export function parseSelector(text: string): Selector {
  const found = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)?\s*(?:\{([\s\S]*)\})?\s*$/.exec(text);
  if (found === null || (found[1] === undefined && found[2] === undefined)) {
    throw new SelectorError(`'${text.trim()}' is not a plain vector selector such as metric{label="value"}`);
  }
  const matchers = parseMatchers(found[2] ?? '');
  const named = matchers.find((m) => m.label === '__name__' && m.operator === '=');
  if (found[1] === undefined && named !== undefined)
    return { metric: named.value, matchers: matchers.filter((m) => m !== named) };
  return { metric: found[1], matchers };
}

/** PromQL text of a matcher list, without braces. */
export function printMatchers(matchers: readonly Matcher[]): string {
  return matchers.map((m) => `${m.label}${m.operator}${JSON.stringify(m.value)}`).join(',');
}

/** PromQL text of a selector; two or more metric names become a match on `__name__`. */
export function printSelector(metrics: readonly string[], matchers: readonly Matcher[]): string {
  const [only] = metrics;
  if (metrics.length === 1 && only !== undefined) {
    return matchers.length === 0 ? only : `${only}{${printMatchers(matchers)}}`;
  }
  if (metrics.length === 0) return `{${printMatchers(matchers)}}`;
  const names: Matcher = {
    label: '__name__',
    operator: '=~',
    value: metrics.map(escapeRegex).join('|'),
  };
  return `{${printMatchers([names, ...matchers])}}`;
}

/** A test of a label set against matchers, as Prometheus does it: absent labels are empty, regexes are anchored. */
export function labelTest(
  matchers: readonly Matcher[],
): (labels: Readonly<Record<string, string>>) => boolean {
  const tests = matchers.map(({ label, operator, value }) => {
    switch (operator) {
      case '=':
        return (labels: Readonly<Record<string, string>>) => (labels[label] ?? '') === value;
      case '!=':
        return (labels: Readonly<Record<string, string>>) => (labels[label] ?? '') !== value;
      case '=~': {
        const regex = compileRegex(value);
        return (labels: Readonly<Record<string, string>>) => regex.test(labels[label] ?? '');
      }
      case '!~': {
        const regex = compileRegex(value);
        return (labels: Readonly<Record<string, string>>) => !regex.test(labels[label] ?? '');
      }
    }
  });
  return (labels) => tests.every((test) => test(labels));
}

/** Quotes what RE2 and JavaScript read as operators. */
export function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

function compileRegex(source: string): RegExp {
  try {
    // `s` as in Prometheus: the dot matches a new line. RE2's leading (?i) becomes JavaScript's flag.
    const insensitive = source.startsWith('(?i)');
    return new RegExp(`^(?:${insensitive ? source.slice(4) : source})$`, insensitive ? 'is' : 's');
  } catch (error) {
    throw new SelectorError(`the regular expression ${JSON.stringify(source)} cannot be read`, {
      cause: error,
    });
  }
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\(.)/gs, (_, character: string) => {
    const special: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
    return special[character] ?? character;
  });
}
