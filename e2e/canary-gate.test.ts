/** The shipped bundle over history in a real Prometheus: verdicts, outputs, report, summary, refusals. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPrometheus, type LoadedPrometheus } from '../rig/prometheus/load-prometheus.ts';
import { openMetrics, shopHistory, type ShopPod } from './support/open-metrics.ts';
import { runBundle, type BundleResult } from './support/run-bundle.ts';

const start = Math.floor(Date.now() / 1000) - 7_200;
const stable = ['s1', 's2', 's3'].map((pod) => ({ pod, perScrape: 200, errorEvery: 100, app: 'shop' }));

let prometheus: LoadedPrometheus;
let folder = '';

/** Three stories in one history, told apart by the label `story`. */
function stories(): string {
  const told = (story: string, canary: Omit<ShopPod, 'pod' | 'track'>) =>
    shopHistory(start, [
      ...stable.map((pod): ShopPod => ({ ...pod, track: 'stable', labels: { story } })),
      { pod: 'c1', track: 'canary', ...canary, labels: { story } },
    ]);
  return openMetrics([
    ...told('good', { perScrape: 100, errorEvery: 100 }),
    ...told('bad', { perScrape: 100, errorEvery: 20 }),
    ...told('idle', { perScrape: 0, errorEvery: 0 }),
  ]);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gate-e2e-'));
  prometheus = await loadPrometheus(stories());
});
afterAll(async () => {
  await prometheus.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (story: string, inputs: Record<string, string> = {}): Promise<BundleResult> =>
  runBundle({
    action: 'canary-gate',
    inputs: {
      'prometheus-url': prometheus.url,
      canary: `story="${story}",track="canary"`,
      stable: `story="${story}",track="stable"`,
      mode: 'replay',
      start: String(start),
      end: String(start + 1_800),
      report: join(folder, story),
      ...inputs,
    },
  });

describe('canary-gate over history', () => {
  it('fails a bad release and names what is wrong', async () => {
    const { code, outputs, summary, errors } = await run('bad');
    expect(code).toBe(1);
    expect(outputs).toMatchObject({ verdict: 'fail', report: join(folder, 'bad/report.json') });
    expect(outputs.reason).toContain('http-errors');
    expect(Number(outputs['e-value']?.replace('10^', '1e'))).toBeGreaterThanOrEqual(100);
    expect(Number(outputs['elapsed-seconds'])).toBeLessThanOrEqual(300);
    expect(Number(outputs['canary-requests'])).toBe((Number(outputs['elapsed-seconds']) / 15) * 100);
    expect(errors[0]).toContain('E_GATE: canary fail');
    expect(summary).toContain('Canary fail');
    expect(summary).toContain('```mermaid');
    const report = JSON.parse(readFileSync(outputs.report ?? '', 'utf8')) as { looks: unknown[] };
    expect(report.looks).toHaveLength(Number(outputs['elapsed-seconds']) / 15);
  });

  it('passes a good release, not before the shortest duration', async () => {
    const { code, outputs } = await run('good');
    expect(outputs).toMatchObject({ verdict: 'pass' });
    expect(code).toBe(0);
    expect(Number(outputs['elapsed-seconds'])).toBeGreaterThanOrEqual(300);
  });

  it('is inconclusive about a canary without traffic, and does with it what was asked for', async () => {
    const strict = await run('idle');
    expect(strict.outputs.verdict).toBe('inconclusive');
    expect(strict.outputs.reason).toContain('no traffic');
    expect(strict.code).toBe(1);
    const lenient = await run('idle', { 'on-inconclusive': 'pass' });
    expect(lenient.outputs.verdict).toBe('inconclusive');
    expect(lenient.code).toBe(0);
    const silent = await run('idle', { 'fail-on-verdict': 'false' });
    expect(silent.code).toBe(0);
  });

  it('names the selector that matches nothing', async () => {
    const { outputs } = await run('nowhere');
    expect(outputs.verdict).toBe('inconclusive');
    expect(outputs.reason).toContain('no series at all for the canary (story="nowhere",track="canary")');
  });
});

describe('canary-gate refuses', () => {
  it.each([
    ['a missing address', { 'prometheus-url': '' }, 'E_CONFIG'],
    ['an unknown input', { 'promote-marign': '2' }, 'E_CONFIG'],
    ['broken YAML', { metrics: '- preset: [' }, 'E_CONFIG'],
    ['a metric with a typo', { metrics: '- preset: http-errors\n  marign: 2' }, 'line 2'],
    ['a Prometheus that is not there', { 'prometheus-url': 'http://127.0.0.1:1/' }, 'E_PROMETHEUS'],
  ])('%s with one coded error and its outputs set', async (_, inputs: Record<string, string>, text) => {
    const { code, errors, outputs } = await run('good', inputs);
    expect(code).toBe(1);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(text);
    expect(errors[0]).toContain('Next:');
    expect(outputs.verdict).toBe('inconclusive');
  });

  it('prints no secret, whatever happens', async () => {
    const secrets = {
      'prometheus-password': 'planted-password-1',
      'prometheus-headers': 'X-Scope-OrgID: planted-tenant-2',
      'client-key': '-----BEGIN PRIVATE KEY-----\nplanted-key-3\n-----END PRIVATE KEY-----',
      'client-certificate': '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----',
    };
    const names = { 'prometheus-username': 'reader', ...secrets };
    const { 'client-key': _key, 'client-certificate': _certificate, ...plain } = names;
    for (const inputs of [plain, names, { ...plain, 'prometheus-url': 'http://127.0.0.1:1/' }]) {
      const { log, summary, outputs } = await run('bad', inputs);
      const said = [log, summary, JSON.stringify(outputs), fileText(outputs.report)].join('\n');
      expect(said).not.toMatch(/planted/);
    }
    const token = await run('bad', { 'prometheus-token': 'planted-token-4' });
    expect(token.log + token.summary + fileText(token.outputs.report)).not.toMatch(/planted/);
  });
});

function fileText(path: string | undefined): string {
  return path === undefined || path === '' ? '' : readFileSync(path, 'utf8');
}
