import * as v from 'valibot';
import { SelectorError, parseMatchers, parseSelector } from '../../../../toolkit/prometheus/matchers.ts';
import { parseQuantity } from './quantity.ts';

const name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,79}$/, 'is not a plain name of at most 80 characters'),
);
const weight = v.optional(
  v.pipe(
    v.number('is not a number'),
    v.gtValue(0, 'must be above 0'),
    v.maxValue(1000, 'must be at most 1000'),
  ),
  1,
);
const ratio = v.pipe(
  v.number('is not a number'),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(100, 'must be at most 100'),
);
const aboveOne = v.pipe(
  v.number('is not a number'),
  v.gtValue(1, 'must be above 1'),
  v.maxValue(100, 'must be at most 100'),
);

const selector = v.pipe(
  v.string('is not a selector such as metric{label="value"}'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return parseSelector(dataset.value);
    } catch (error) {
      addIssue({ message: selectorMessage(error) });
      return NEVER;
    }
  }),
);

const selectors = v.pipe(
  v.union([v.string(), v.array(v.string())], 'is neither a selector nor a list of selectors'),
  v.transform((given) => (typeof given === 'string' ? [given] : given)),
  v.array(selector),
  v.minLength(1, 'must not be empty'),
);

const matchers = v.pipe(
  v.string('is not a list of matchers such as severity="critical"'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return parseMatchers(dataset.value);
    } catch (error) {
      addIssue({ message: selectorMessage(error) });
      return NEVER;
    }
  }),
);

const quantity = v.pipe(
  v.union([v.number(), v.string()], 'is not a quantity such as 512Mi'),
  v.transform((value) => (typeof value === 'number' ? value : parseQuantity(value))),
  v.number('is not a quantity such as 512Mi'),
  v.gtValue(0, 'must be above 0'),
);

const common = { name, weight, shadow: v.optional(v.boolean('is not true or false'), false) };
const positive = v.pipe(v.number('is not a number'), v.gtValue(0, 'must be above 0'));

/** One metric after its preset was merged in. Unknown keys are refused: a typo would silently change the gate. */
export const metricSchema = v.variant('type', [
  v.strictObject({
    ...common,
    type: v.literal('ratio'),
    total: selector,
    events: selectors,
    margin: v.optional(ratio),
    'promote-margin': v.optional(aboveOne),
  }),
  v.strictObject({
    ...common,
    type: v.literal('objective'),
    total: selector,
    events: selectors,
    max: v.pipe(
      v.number('is not a number'),
      v.gtValue(0, 'must be above 0'),
      v.ltValue(1, 'must be below 1'),
    ),
  }),
  v.strictObject({
    ...common,
    type: v.literal('latency'),
    histogram: selector,
    objective: v.optional(positive),
    margin: v.optional(ratio),
    'promote-margin': v.optional(aboveOne),
  }),
  v.strictObject({
    ...common,
    type: v.literal('gauge'),
    metric: selector,
    test: v.optional(v.picklist(['level', 'leak'], 'is not level or leak'), 'level'),
    limit: v.optional(quantity),
    margin: v.optional(ratio),
  }),
  v.strictObject({
    ...common,
    type: v.literal('restarts'),
    metric: selector,
    margin: v.optional(ratio),
  }),
  v.strictObject({ ...common, type: v.literal('alert'), matchers: v.optional(matchers, '') }),
  v.strictObject({
    ...common,
    type: v.literal('logs'),
    url: v.pipe(v.string(), v.regex(/^https?:\/\//, 'is not an http(s) address')),
    query: v.pipe(v.string(), v.minLength(1, 'must not be empty')),
    total: selector,
    margin: v.optional(ratio),
  }),
]);

export type ParsedMetric = v.InferOutput<typeof metricSchema>;

function selectorMessage(error: unknown): string {
  if (error instanceof SelectorError) return error.message;
  throw error;
}
