/**
 * A leak takes the gate some 40 minutes to prove. Here real processes are measured after each request that they
 * serve, and the readings are given to Prometheus as an hour of scrapes: the memory is real, its clock is not.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPrometheus, type LoadedPrometheus } from '../rig/prometheus/load-prometheus.ts';
import { openMetrics, type HistorySeries } from './support/open-metrics.ts';
import { runBundle } from './support/run-bundle.ts';

const warmUp = 20;
const readings = 240;
const scrape = 15;
const start = Math.floor(Date.now() / 1000) - 7_200;

/**
 * Serves a request each time it is told: buffers come and go, and are collected at a beat of its own so that no other
 * load on the machine postpones it; a leaking one keeps 256 KiB of each.
 */
const program = `
const kept = [];
let requests = 0;
process.on('message', () => {
  const work = Array.from({ length: 20 }, () => Buffer.alloc(64 * 1024 * (1 + Math.random()), 1));
  if (process.argv[1] === 'leaks') kept.push(Buffer.alloc(256 * 1024, 1));
  work.length = 0;
  if (++requests % 8 === 0) gc();
  process.send('served');
});
`;

const pods = [
  { pod: 'c1', track: 'canary', story: 'leak', mode: 'leaks' },
  { pod: 'c2', track: 'canary', story: 'sound', mode: 'sound' },
  { pod: 's1', track: 'stable', story: 'both', mode: 'sound' },
  { pod: 's2', track: 'stable', story: 'both', mode: 'sound' },
];
const processes: ChildProcess[] = [];
let prometheus: LoadedPrometheus;
let folder = '';

function residentBytes({ pid }: ChildProcess): number {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'));
  return 1024 * Number(found?.[1]);
}

async function serve(process: ChildProcess): Promise<void> {
  const served = once(process, 'message');
  process.send('request');
  await served;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gate-leak-'));
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
  processes.push(
    ...pods.map(({ mode }) =>
      spawn(process.execPath, ['--expose-gc', '-e', program, mode], { stdio: [...stdio] }),
    ),
  );
  const samples = pods.map((): [number, number][] => []);
  // Requests and not time: how fast this machine is has no say in how much a process keeps from reading to reading.
  for (let request = 0; request < warmUp + readings; request += 1) {
    await Promise.all(processes.map(serve));
    if (request < warmUp) continue;
    for (const [index, one] of processes.entries())
      samples[index]?.push([start + (request - warmUp) * scrape, residentBytes(one)]);
  }
  const series = pods.map(({ pod, track, story }, index): HistorySeries => ({
    name: 'process_resident_memory_bytes',
    labels: { app: 'shop', track, story, pod },
    samples: samples[index] ?? [],
  }));
  prometheus = await loadPrometheus(openMetrics(series));
}, 180_000);
afterAll(async () => {
  for (const one of processes) one.kill('SIGKILL');
  await prometheus.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (story: string) =>
  runBundle({
    action: 'canary-gate',
    inputs: {
      'prometheus-url': prometheus.url,
      canary: `story="${story}",track="canary"`,
      stable: 'track="stable"',
      metrics: '- {preset: memory-leak, limit: 512Mi}',
      mode: 'replay',
      start: String(start),
      end: String(start + readings * scrape),
      'max-duration': '2h',
      report: join(folder, story),
    },
  });

describe('the leak test over the memory of real processes', () => {
  it('names the leaking process and says when it reaches its limit', async () => {
    const { outputs, summary } = await run('leak');
    expect(outputs).toMatchObject({ verdict: 'fail' });
    // 256 KiB a reading are 60 MiB an hour on Prometheus' clock: some 7 hours to 512 MiB.
    const projected = /memory-leak: the canary grows steadily and reaches 512 MiB in (\d+)h/;
    expect(outputs.reason).toMatch(projected);
    const hours = Number(projected.exec(outputs.reason ?? '')?.[1]);
    expect(hours).toBeGreaterThanOrEqual(4);
    expect(hours).toBeLessThanOrEqual(16);
    expect(Number(outputs['elapsed-seconds'])).toBeLessThanOrEqual(3_600);
    expect(summary).toMatch(/growth \d+(\.\d+)? MiB an hour/);
  });

  it('does not fail one that only works', async () => {
    const { outputs } = await run('sound');
    expect(outputs.verdict).toBe('inconclusive');
  });
});
