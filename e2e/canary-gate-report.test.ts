/** The HTML report of the shipped bundle in a real browser. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadPrometheus, type LoadedPrometheus } from '../rig/prometheus/load-prometheus.ts';
import { openMetrics, shopHistory, type HistorySeries } from './support/open-metrics.ts';
import { runBundle } from './support/run-bundle.ts';

const execute = promisify(execFile);
const start = Math.floor(Date.now() / 1000) - 10_800;
const minutes = 70;

/** Memory that grows on the canary, and a latency histogram that does not differ. */
function besides(): HistorySeries[] {
  const sampled = (value: (second: number) => number): [number, number][] =>
    Array.from({ length: (minutes * 60 + 600) / 30 }, (_, i) => [start - 600 + i * 30, value(i * 30)]);
  return ['s1', 's2', 'c1'].flatMap((pod) => {
    const labels = { app: 'shop', track: pod === 'c1' ? 'canary' : 'stable', pod };
    const growth = pod === 'c1' ? 20_000 : 0;
    const bucket = (le: string, share: number): HistorySeries => ({
      name: 'http_request_duration_seconds_bucket',
      labels: { ...labels, le },
      samples: sampled((second) => Math.floor(second * 10 * share)),
    });
    return [
      {
        name: 'process_resident_memory_bytes',
        labels,
        samples: sampled((second) => 1e8 + second * growth + ((second * 7919) % 1e6)),
      },
      ...[bucket('0.1', 0.6), bucket('0.5', 0.95), bucket('1', 0.99), bucket('+Inf', 1)],
    ];
  });
}

let prometheus: LoadedPrometheus;
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gate-report-'));
  const pods = ['s1', 's2'].map((pod) => ({
    pod,
    track: 'stable' as const,
    perScrape: 100,
    errorEvery: 100,
  }));
  const canary = { pod: 'c1', track: 'canary' as const, perScrape: 10, errorEvery: 100 };
  const requests = shopHistory(start, [...pods, canary], { seconds: minutes * 60 });
  prometheus = await loadPrometheus(openMetrics([...requests, ...besides()]));
});
afterAll(async () => {
  await prometheus.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('report.html', () => {
  it('shows its charts in a browser, without loading or running anything', async () => {
    const { outputs } = await runBundle({
      action: 'canary-gate',
      inputs: {
        'prometheus-url': prometheus.url,
        canary: 'app="shop",track="canary"',
        stable: 'app="shop",track="stable"',
        mode: 'replay',
        start: String(start),
        end: String(start + minutes * 60),
        'max-duration': '2h',
        'promote-margin': '1.05',
        report: folder,
        metrics: '- preset: http-errors\n- preset: http-latency\n- {preset: memory-leak, limit: 4Gi}',
      },
    });
    expect(outputs.verdict).toBe('fail');
    expect(outputs.reason).toContain('memory-leak');

    const { stdout, stderr } = await execute('chromium', [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
      ...[`--user-data-dir=${join(folder, 'profile')}`, '--enable-logging=stderr', '--window-size=900,2400'],
      ...[
        `--screenshot=${join(folder, 'report.png')}`,
        '--dump-dom',
        `file://${join(folder, 'report.html')}`,
      ],
    ]);
    const titles = [...stdout.matchAll(/<figcaption>([^<]*)/g)].map(([, title]) => title);
    expect(titles).toEqual([
      'Evidence over time',
      'http-errors: ratio of canary to stable with its confidence sequence',
      'http-latency: ratio of canary to stable with its confidence sequence',
      'http-latency: share of requests within a latency',
      'memory-leak: level',
    ]);
    const paths = [...stdout.matchAll(/<path class="line"[^>]* d="([^"]*)"/g)].map(([, d]) => d ?? '');
    expect(paths.length).toBeGreaterThanOrEqual(12);
    for (const d of paths) expect(d).toMatch(/^M[\d. ML-]+$/);
    expect(stdout).toContain('fitted slope');
    expect(stderr).not.toMatch(/Refused|CONSOLE/);
  });
});
