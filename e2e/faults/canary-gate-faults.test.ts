/** A live watch through everything Prometheus can do wrong: killed, restarted, slow, limiting, talking nonsense. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../rig/processes/free-port.ts';
import { installTools } from '../../rig/install/install.ts';
import { eventually } from '../support/eventually.ts';
import { runBundle, type BundleResult } from '../support/run-bundle.ts';

type Fault = 'none' | 'silent' | 'busy' | 'limited' | 'html' | 'truncated' | 'garbage';

const servers: Server[] = [];
const timers: NodeJS.Timeout[] = [];
let folder = '';
let program = '';
let prometheusPort = 0;
let prometheus: ChildProcess | undefined;
let proxyUrl = '';
let fault: Fault = 'none';

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** A pod that serves at an even pace and errs every so often. */
async function pod(rps: number, errorEvery: number): Promise<number> {
  const begun = Date.now();
  return listen((_, response) => {
    const served = Math.floor(((Date.now() - begun) / 1000) * rps);
    const failed = Math.floor(served / errorEvery);
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(
      `process_start_time_seconds ${begun / 1000}\n` +
        `http_requests_total{code="200"} ${served - failed}\nhttp_requests_total{code="500"} ${failed}\n`,
    );
  });
}

async function startPrometheus(): Promise<void> {
  prometheus = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.json')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  await eventually(async () => {
    const answer = await fetch(`http://127.0.0.1:${prometheusPort}/-/ready`).catch(() => undefined);
    return answer?.ok === true;
  });
}

async function stopPrometheus(): Promise<void> {
  const ended = new Promise((resolve) => prometheus?.once('exit', resolve));
  prometheus?.kill('SIGKILL');
  await ended;
}

/** What stands between the gate and Prometheus, and breaks on demand. */
function proxy(incoming: IncomingMessage, response: ServerResponse): void {
  if (fault === 'silent') return;
  if (fault === 'busy') response.writeHead(503).end('starting up');
  else if (fault === 'limited') response.writeHead(429, { 'retry-after': '1' }).end('slow down');
  else if (fault === 'html') response.end('<html><title>Sign in</title></html>');
  else if (fault === 'garbage') response.end('\u0000\u0001 not json');
  else if (fault === 'truncated') {
    response.writeHead(200, { 'content-length': '5000' });
    response.write('{"status":"success","data":{"resultType":"matr');
    timers.push(setTimeout(() => response.destroy(), 50));
  } else pass(incoming, response);
}

/** A Prometheus that takes half a minute for every answer. */
function slowProxy(incoming: IncomingMessage, response: ServerResponse): void {
  incoming.pause();
  timers.push(
    setTimeout(() => {
      pass(incoming, response);
    }, 30_000),
  );
}

function pass(incoming: IncomingMessage, response: ServerResponse): void {
  const passed = request(
    { port: prometheusPort, host: '127.0.0.1', path: incoming.url, method: incoming.method },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  passed.on('error', () => response.writeHead(502).end('bad gateway'));
  incoming.pipe(passed);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gate-faults-'));
  const tools = await installTools(['prometheus'], { log: () => undefined });
  program = join(tools.get('prometheus') ?? '', 'prometheus');
  const target = async (story: string, track: string, name: string, rps: number, errorEvery: number) => ({
    targets: [`127.0.0.1:${await pod(rps, errorEvery)}`],
    labels: { story, track, pod: `${story}-${name}` },
  });
  const targets = await Promise.all(
    ['bad', 'good', 'patient'].flatMap((story) => [
      target(story, 'stable', 's1', 60, 100),
      target(story, 'stable', 's2', 60, 100),
      target(story, 'canary', 'c1', 30, story === 'bad' ? 25 : 100),
    ]),
  );
  const config = {
    global: { scrape_interval: '5s' },
    scrape_configs: [{ job_name: 'shop', static_configs: targets }],
  };
  writeFileSync(join(folder, 'prometheus.json'), JSON.stringify(config));
  prometheusPort = await freePort('127.0.0.1', 19_090);
  await startPrometheus();
  proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
});
afterAll(async () => {
  await stopPrometheus();
  for (const timer of timers) clearTimeout(timer);
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

const run = (story: string, inputs: Record<string, string>, lines: string[] = []): Promise<BundleResult> =>
  runBundle({
    action: 'canary-gate',
    inputs: {
      'prometheus-url': proxyUrl,
      canary: `story="${story}",track="canary"`,
      stable: `story="${story}",track="stable"`,
      interval: '5s',
      timeout: '2s',
      'min-duration': '0s',
      report: join(folder, story),
      ...inputs,
    },
    onLine: (line) => lines.push(line),
  });

interface SavedReport {
  readonly outages: readonly { readonly from: string; readonly to: string | null; readonly detail: string }[];
}

/** Each fault was met and named, and every outage came to its end. */
function expectOutages(path: string | undefined, lines: readonly string[]): void {
  const report = JSON.parse(readFileSync(path ?? '', 'utf8')) as SavedReport;
  const said = report.outages.map(({ detail }) => detail).join('\n');
  const details = ['status 503', 'status 429', 'Sign in', 'not json', 'no answer within 2 s', 'status 502'];
  for (const detail of details) expect(said).toContain(detail);
  expect(said).toMatch(/ECONNRESET|cut in the middle/);
  expect(report.outages.every(({ to }) => to !== null)).toBe(true);
  expect(lines.filter((line) => line.includes('the watch goes on')).length).toBeGreaterThanOrEqual(7);
}

describe('a watch while Prometheus misbehaves', () => {
  it('gives the verdict of the data, or none with the reason: never a pass or a fail for the outage', async () => {
    const lines: string[] = [];
    const bad = run('bad', { 'max-duration': '4m' }, lines);
    // The healthy one meets its deadline while nothing can be read.
    const good = run('good', { 'max-duration': '75s', 'promote-margin': '1.1' });
    // This one could pass soon, were it not for its shortest duration, which ends after the outages.
    const patientLines: string[] = [];
    const patient = run('patient', { 'min-duration': '3m', 'max-duration': '10m' }, patientLines);
    // The first look comes after one interval and the lag.
    await sleep(40_000);
    for (const next of ['busy', 'limited', 'html', 'truncated', 'garbage', 'silent'] as const) {
      fault = next;
      // Longer than the gate's own attempts at one query, so that each fault is met.
      await sleep(next === 'silent' ? 26_000 : 13_000);
    }
    fault = 'none';
    await stopPrometheus();
    await sleep(12_000);
    const blind = await good;
    expect(blind.outputs.verdict).toBe('inconclusive');
    expect(blind.outputs.reason).toContain('no data to decide on: Prometheus');
    expect(blind.code).toBe(1);

    await startPrometheus();
    const { outputs, code } = await bad;
    expect(outputs).toMatchObject({ verdict: 'fail' });
    expect(code).toBe(1);
    expectOutages(outputs.report, lines);

    const passed = await patient;
    expect(passed.outputs).toMatchObject({ verdict: 'pass' });
    expect(passed.code).toBe(0);
    expect(Number(passed.outputs['elapsed-seconds'])).toBeGreaterThanOrEqual(180);
    expectOutages(passed.outputs.report, patientLines);
  }, 420_000);

  it('waits for a Prometheus that takes 30 s for every answer, when it may', async () => {
    const slowUrl = `http://127.0.0.1:${await listen(slowProxy)}`;
    const report = (name: string) => join(folder, name);
    const [waited, hurried] = await Promise.all([
      run('bad', {
        ...{ 'prometheus-url': slowUrl, timeout: '45s', report: report('waited') },
        'max-duration': '8m',
      }),
      run('bad', { 'prometheus-url': slowUrl, report: report('hurried') }),
    ]);
    expect(waited.outputs).toMatchObject({ verdict: 'fail' });
    expect(waited.outputs.reason).toContain('http-errors');
    // Nothing was watched and nothing is changed when not even the time of the server comes.
    expect(hurried.outputs).toMatchObject({ verdict: 'inconclusive' });
    expect(hurried.errors).toHaveLength(1);
    expect(hurried.errors[0]).toContain('E_PROMETHEUS');
    expect(hurried.errors[0]).toContain('no answer within 2 s');
  }, 420_000);

  it('stops within 2 s of a cancellation, with its outputs set', async () => {
    let cancelledMs = 0;
    const result = await runBundle({
      action: 'canary-gate',
      inputs: {
        'prometheus-url': proxyUrl,
        canary: 'story="good",track="canary"',
        stable: 'story="good",track="stable"',
        report: join(folder, 'cancelled'),
      },
      onStart: (child) => {
        timers.push(
          setTimeout(() => {
            cancelledMs = Date.now();
            child.kill('SIGINT');
          }, 3_000),
        );
      },
    });
    expect(Date.now() - cancelledMs).toBeLessThan(2_000);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'the run was cancelled' });
    expect(result.code).toBe(1);
  });
});
