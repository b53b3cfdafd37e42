import * as v from 'valibot';
import { LineCounter, isMap, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml';
import { UserError, assertNever } from '../../../../toolkit/action/errors.ts';
import type { MetricConfig } from './metric.ts';
import { presets, serverErrorsOf } from './presets.ts';
import { metricSchema, type ParsedMetric } from './schema.ts';

/** What a metric takes from the action's inputs where it says nothing itself. */
export interface MetricDefaults {
  readonly margin: number;
  /** Undefined: 2 for ratios, 1.5 for latency. */
  readonly promoteMargin: number | undefined;
}

/** Parses the YAML list of metrics; throws an `E_CONFIG` UserError that names the source, the line and the key. */
export function parseMetrics(yaml: string, source: string, defaults: MetricDefaults): MetricConfig[] {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const [broken] = document.errors;
  if (broken) throw refused(source, lines.linePos(broken.pos[0]).line, broken.message);

  const { contents } = document;
  const inMapping = isMap(contents);
  const list = inMapping ? document.get('metrics', true) : contents;
  if (inMapping) {
    const keys = contents.items.map(({ key }) => String(key));
    const other = keys.find((key) => key !== 'metrics');
    if (other !== undefined)
      throw refused(source, lineOf(document, lines, [other]), `unknown key '${other}', expected 'metrics'`);
  }
  if (!isSeq(list) || list.items.length === 0) throw refused(source, 1, 'expected a list of metrics');

  const valueOf = (item: YAMLMap): Record<string, unknown> => {
    try {
      return item.toJS(document) as Record<string, unknown>;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw refused(source, lines.linePos(item.range?.[0] ?? 0).line, problem);
    }
  };
  const root = inMapping ? ['metrics'] : [];
  const names = new Set<string>();
  return list.items.map((item, index) => {
    const at = (keys: readonly unknown[]): number => lineOf(document, lines, [...root, index, ...keys]);
    if (!isMap(item)) throw refused(source, at([]), `metric ${index + 1} is not a mapping with keys`);
    const raw = withPreset(valueOf(item), (key, problem) =>
      refused(source, at([key]), `metric ${index + 1}: '${key}' ${problem}`),
    );
    const result = v.safeParse(metricSchema, raw, { abortEarly: true });
    if (!result.success) {
      const issue = result.issues[0];
      const keys = (issue.path ?? []).map((part) => part.key);
      throw refused(source, at(keys), `metric ${index + 1}: '${keys.join('.')}' ${issueText(issue, raw)}`);
    }
    if (names.has(result.output.name))
      throw refused(source, at(['name']), `two metrics are called '${result.output.name}'`);
    names.add(result.output.name);
    return finish(result.output, defaults);
  });
}

function withPreset(
  given: Record<string, unknown>,
  refuse: (key: string, problem: string) => UserError,
): Record<string, unknown> {
  const { preset, ...own } = given;
  if (preset === undefined) return own;
  const base = typeof preset === 'string' ? presets[preset] : undefined;
  if (base === undefined)
    throw refuse(
      'preset',
      `is ${JSON.stringify(preset)}, expected one of ${Object.keys(presets).join(', ')}`,
    );
  const merged: Record<string, unknown> = { ...base, ...own };
  if (preset === 'http-errors' && merged.events === undefined && typeof merged.total === 'string')
    merged.events = serverErrorsOf(merged.total);
  if (preset === 'log-errors' && merged.total === undefined) merged.total = 'http_requests_total';
  return merged;
}

function issueText(issue: v.BaseIssue<unknown>, raw: Record<string, unknown>): string {
  const key = issue.path?.at(-1)?.key;
  if (issue.type === 'strict_object') {
    if (issue.expected === 'never') return `is not a key of a metric of type '${String(raw.type)}'`;
    return 'is required and was not given';
  }
  if (issue.type === 'variant' || key === 'type')
    return `is '${String(raw.type)}', expected one of ratio, objective, latency, gauge, restarts, alert, logs`;
  return issue.message.startsWith('Invalid') ? `is not as expected: ${issue.message}` : issue.message;
}

function finish(parsed: ParsedMetric, defaults: MetricDefaults): MetricConfig {
  const { name, weight, shadow } = parsed;
  const common = { name, weight, shadow };
  switch (parsed.type) {
    case 'ratio':
    case 'latency': {
      const own = parsed.type === 'ratio' ? 2 : 1.5;
      const margins = {
        margin: parsed.margin ?? defaults.margin,
        promoteMargin: parsed['promote-margin'] ?? defaults.promoteMargin ?? own,
      };
      return parsed.type === 'ratio'
        ? { ...common, ...margins, type: 'ratio', events: parsed.events, total: parsed.total }
        : {
            ...common,
            ...margins,
            type: 'latency',
            histogram: parsed.histogram,
            objective: parsed.objective,
          };
    }
    case 'objective':
      return {
        ...common,
        type: 'objective',
        events: parsed.events,
        total: parsed.total,
        max: parsed.max,
      };
    case 'gauge':
      return {
        ...common,
        type: 'gauge',
        metric: parsed.metric,
        test: parsed.test,
        limit: parsed.limit,
        margin: parsed.margin ?? defaults.margin,
      };
    case 'restarts':
      return {
        ...common,
        type: 'restarts',
        metric: parsed.metric,
        margin: parsed.margin ?? defaults.margin,
      };
    case 'alert':
      return { ...common, type: 'alert', matchers: parsed.matchers };
    case 'logs':
      return {
        ...common,
        type: 'logs',
        url: parsed.url,
        query: parsed.query,
        total: parsed.total,
        margin: parsed.margin ?? defaults.margin,
      };
    default:
      return assertNever(parsed);
  }
}

/** The line of the deepest part of the path that exists. */
function lineOf(document: Document, lines: LineCounter, path: readonly unknown[]): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as
      { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function refused(source: string, line: number, problem: string): UserError {
  return new UserError(
    'E_CONFIG',
    `${source}, line ${line}: ${problem}`,
    `correct line ${line} of ${source}`,
  );
}
