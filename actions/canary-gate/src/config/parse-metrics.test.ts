import { describe, expect, it } from '@jest/globals';
import { UserError } from '../../../../toolkit/action/errors.ts';
import { parseMetrics } from './parse-metrics.ts';

const defaults = { margin: 1.25, promoteMargin: undefined };
const parse = (yaml: string) => parseMetrics(yaml, 'metrics.yml', defaults);

function refusal(yaml: string): string {
  try {
    parse(yaml);
  } catch (error) {
    if (error instanceof UserError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('parseMetrics', () => {
  it('reads every kind of metric with the defaults filled in', () => {
    const metrics = parse(`
- preset: http-errors
- name: checkout-errors
  type: ratio
  events: shop_checkout_total{result="error"}
  total: shop_checkout_total
  margin: 1.5
  promote-margin: 3
  weight: 2
- {name: latency, type: latency, histogram: http_request_duration_seconds, objective: 0.3}
- {name: error-budget, type: objective, events: 'http_requests_total{code=~"5.."}', total: http_requests_total, max: 0.01}
- {name: memory, type: gauge, metric: process_resident_memory_bytes, test: leak, limit: 512Mi}
- {name: alerts, type: alert, matchers: 'severity="critical"'}
- {name: old-latency, type: latency, histogram: legacy_seconds, shadow: true}
`);
    expect(metrics.map(({ name, type, weight, shadow }) => ({ name, type, weight, shadow }))).toEqual([
      { name: 'http-errors', type: 'ratio', weight: 1, shadow: false },
      { name: 'checkout-errors', type: 'ratio', weight: 2, shadow: false },
      { name: 'latency', type: 'latency', weight: 1, shadow: false },
      { name: 'error-budget', type: 'objective', weight: 1, shadow: false },
      { name: 'memory', type: 'gauge', weight: 1, shadow: false },
      { name: 'alerts', type: 'alert', weight: 1, shadow: false },
      { name: 'old-latency', type: 'latency', weight: 1, shadow: true },
    ]);
    expect(metrics[0]).toMatchObject({ margin: 1.25, promoteMargin: 2 });
    expect(metrics[1]).toMatchObject({ margin: 1.5, promoteMargin: 3 });
    expect(metrics[2]).toMatchObject({ promoteMargin: 1.5, objective: 0.3 });
    expect(metrics[4]).toMatchObject({ test: 'leak', limit: 512 * 1024 * 1024 });
  });

  it('takes the status label of any usual library for server errors', () => {
    const [metric] = parse(
      '- {preset: http-errors, total: "istio_requests_total{reporter=\\"destination\\"}"}',
    );
    expect(metric).toMatchObject({ type: 'ratio', total: { metric: 'istio_requests_total' } });
    const labels =
      metric?.type === 'ratio' ? metric.events.flatMap(({ matchers }) => matchers.map((m) => m.label)) : [];
    expect(labels).toEqual(expect.arrayContaining(['code', 'status', 'response_code', 'reporter']));
  });

  it('reads a file that holds the list under `metrics`', () => {
    expect(parse('metrics:\n  - preset: http-latency\n')).toHaveLength(1);
  });

  it.each([
    [
      'an unknown key',
      '- preset: http-errors\n- preset: http-latency\n  objectiv: 1',
      "line 3: metric 2: 'objectiv' is not a key of a metric of type 'latency'",
    ],
    [
      'an unknown type',
      '- name: x\n  type: ratios',
      "line 2: metric 1: 'type' is 'ratios', expected one of ratio,",
    ],
    [
      'an unknown preset',
      '- preset: http',
      'line 1: metric 1: \'preset\' is "http", expected one of http-errors',
    ],
    [
      'a missing key',
      '- name: x\n  type: ratio\n  total: a',
      "line 1: metric 1: 'events' is required and was not given",
    ],
    ['a bad matcher', '- preset: http-errors\n  total: a{b=c}', "line 2: metric 1: 'total'"],
    [
      'a query where a selector belongs',
      '- name: x\n  type: ratio\n  total: a\n  events: rate(a[5m])',
      "line 4: metric 1: 'events",
    ],
    [
      'a margin below 1',
      '- preset: http-errors\n  margin: 0.5',
      "line 2: metric 1: 'margin' must be at least 1",
    ],
    [
      'a promote margin of 1',
      '- preset: http-errors\n  promote-margin: 1',
      "'promote-margin' must be above 1",
    ],
    [
      'a limit that is no quantity',
      '- preset: memory-leak\n  limit: 5XB',
      "line 2: metric 1: 'limit' is not a quantity",
    ],
    [
      'an objective above 1',
      '- {name: x, type: objective, events: a, total: a, max: 2}',
      "'max' must be below 1",
    ],
    ['a weight of 0', '- preset: http-errors\n  weight: 0', "'weight' must be above 0"],
    [
      'two metrics of one name',
      '- preset: http-errors\n- preset: http-errors',
      "line 2: two metrics are called 'http-errors'",
    ],
    ['something else than a list', 'preset: http-errors', "unknown key 'preset', expected 'metrics'"],
    ['an empty list', '[]', 'expected a list of metrics'],
    ['an entry that is no mapping', '- http-errors', 'line 1: metric 1 is not a mapping'],
    ['broken YAML', '- preset: "http', 'metrics.yml, line 1:'],
    ['a key given twice', '- preset: http-errors\n  margin: 2\n  margin: 3', 'line 3'],
  ])('refuses %s with the line and the key', (_, yaml, expected) => {
    const text = refusal(yaml);
    expect(text).toContain('E_CONFIG metrics.yml');
    expect(text).toContain(expected);
  });
});
