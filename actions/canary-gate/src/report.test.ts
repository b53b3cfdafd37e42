import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { readFileSync, writeFileSync } from 'node:fs';
import { fakeSeries, replayFake } from './analysis/fake-gate.ts';
import { htmlReport } from './html/html-report.ts';
import { buildReport, type Report } from './report.ts';
import type { GateResult } from './result.ts';
import { renderSummary } from './summary.ts';

const inputs = {
  ...({ mode: 'replay', alpha: 0.01, promoteAlpha: 0.05 } as const),
  ...({ onInconclusive: 'fail', intervalMs: 15_000 } as const),
};

/** Requests at an even pace of which every n-th fails, with latency and memory beside them. */
function shop(canaryErrorEvery: number) {
  const pod = (name: string, track: string, rps: number, every: number) => {
    const labels = { track, pod: name };
    const served = (second: number): number => (second + 600) * rps;
    const failed = (second: number): number => Math.floor(served(second) / every);
    const requests = (code: string, value: (second: number) => number) =>
      fakeSeries({ __name__: 'http_requests_total', code, ...labels }, 40, value);
    const bucket = (le: string, share: number) =>
      fakeSeries({ __name__: 'http_request_duration_seconds_bucket', le, ...labels }, 40, (second) =>
        Math.floor(served(second) * share),
      );
    return [
      requests('200', (second) => served(second) - failed(second)),
      requests('500', failed),
      ...[bucket('0.1', 0.5), bucket('0.25', 0.92), bucket('0.5', 0.98), bucket('+Inf', 1)],
      fakeSeries(
        { __name__: 'process_resident_memory_bytes', ...labels },
        40,
        (second) => 1e8 + second * 1e3,
      ),
    ];
  };
  return [
    ...pod('s1', 'stable', 40, 100),
    ...pod('s2', 'stable', 40, 100),
    ...pod('c1', 'canary', 20, canaryErrorEvery),
  ];
}

const yaml =
  '- preset: http-errors\n- preset: http-latency\n- {preset: memory-leak, limit: 10Gi}\n- {preset: alerts, shadow: true}';

async function report(every: number, changes: Partial<GateResult> = {}): Promise<Report> {
  const result = await replayFake(yaml, shop(every), 30);
  return buildReport(inputs, { ...result, ...changes });
}

/** Holds a text against a golden file; UPDATE_GOLDEN=1 writes the file instead, to be read before it is committed. */
function expectGolden(name: string, text: string): void {
  const file = new URL(`__golden__/${name}`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

const trouble: Partial<GateResult> = {
  steps: [{ weight: 20, atMs: 1_800_000_000_000 }],
  warnings: ['virtualservice shop/shop was set to 20 % and says 10 %'],
  outages: [{ fromMs: 1_800_000_060_000, toMs: 1_800_000_090_000, detail: 'cannot be reached: <down>' }],
};

describe('report.json', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../report.schema.json', import.meta.url), 'utf8'),
  ) as object;
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  addFormats.default(ajv);
  const valid = ajv.compile(schema);

  it('keeps to its published schema for every verdict', async () => {
    const all = [await report(20), await report(100), await report(100, trouble)];
    const empty = await replayFake(yaml, [], 5);
    for (const one of [...all, buildReport(inputs, empty)]) {
      valid(JSON.parse(JSON.stringify(one)));
      expect(valid.errors ?? []).toEqual([]);
    }
    expect(all.map(({ verdict }) => verdict)).toEqual(['fail', 'pass', 'pass']);
  });

  it('has a schema that refuses what it does not know', async () => {
    const one = await report(100);
    expect(valid({ ...one, verdict: 'maybe' })).toBe(false);
    expect(valid({ ...one, more: 1 })).toBe(false);
  });
});

describe('renderSummary', () => {
  it('tells of a canary that fails', async () => {
    expectGolden('fail.md', `${renderSummary(await report(20))}\n`);
  });

  it('tells of one that passes, with what went wrong on the way', async () => {
    expectGolden('pass.md', `${renderSummary(await report(100, trouble))}\n`);
  });

  it('tells of one that cannot be seen', async () => {
    const empty = await replayFake('- preset: http-errors', [], 1);
    expectGolden('inconclusive.md', `${renderSummary(buildReport(inputs, empty))}\n`);
  });
});

describe('htmlReport', () => {
  it('draws evidence, ratio, latency and memory in a file that needs nothing else', async () => {
    const html = htmlReport(await report(20));
    expect(html.match(/<svg /g)?.length).toBeGreaterThanOrEqual(4);
    for (const title of [
      'Evidence over time',
      'http-errors: ratio',
      'share of requests',
      'memory-leak: level',
    ])
      expect(html).toContain(title);
    expect(html).not.toMatch(/<script|https?:\/\/|NaN|Infinity/);
  });

  it('lets no text of a metric become markup', async () => {
    const one = await report(100);
    const html = htmlReport({ ...one, reason: '<img src=x onerror=alert(1)>' });
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
  });
});
