import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Argv } from '../../toolkit/process/process.ts';
import { systemProcess } from '../../toolkit/process/process.ts';
import type { ContainerSpec, Probe, ProbeAction } from './pod.ts';

export interface ProbeTarget {
  readonly podIP: string;
  readonly container: ContainerSpec;
  /** Where and with what an `exec` action runs. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface ProbeResult {
  readonly ok: boolean;
  readonly message: string;
}

/** One try of a probe's action. Never rejects. */
export async function tryProbe(
  action: ProbeAction,
  timeoutMs: number,
  target: ProbeTarget,
): Promise<ProbeResult> {
  try {
    if (action.httpGet !== undefined) return await httpGet(action.httpGet, timeoutMs, target);
    if (action.tcpSocket !== undefined) return await tcpConnect(action.tcpSocket.port, timeoutMs, target);
    if (action.exec !== undefined) {
      const { env, cwd } = target;
      const argv = action.exec.command as unknown as Argv;
      const result = await systemProcess.run(argv, { env, cwd, timeoutMs });
      return { ok: result.code === 0, message: (result.stderr || result.stdout).slice(0, 300) };
    }
    return { ok: true, message: '' };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Repeats a probe until the signal aborts, and says when its verdict changes: `ok` after successThreshold successes in a
 * row, not ok after failureThreshold failures. The first verdict is always told.
 */
export async function runProbe(
  probe: Probe,
  target: ProbeTarget,
  onVerdict: (result: ProbeResult) => void,
  signal: AbortSignal,
): Promise<void> {
  const { initialDelaySeconds = 0, periodSeconds = 10, timeoutSeconds = 1 } = probe;
  const { successThreshold = 1, failureThreshold = 3 } = probe;
  let verdict: boolean | undefined;
  let streak = { ok: true, length: 0 };
  await pause(initialDelaySeconds * 1e3, signal);
  while (!signal.aborted) {
    const result = await tryProbe(probe, timeoutSeconds * 1e3, target);
    if (isAborted(signal)) return;
    streak = { ok: result.ok, length: streak.ok === result.ok ? streak.length + 1 : 1 };
    const enough = streak.length >= (result.ok ? successThreshold : failureThreshold);
    if (enough && verdict !== result.ok) {
      verdict = result.ok;
      onVerdict(result);
    }
    await pause(periodSeconds * 1e3, signal);
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

function portOf(port: number | string, { container }: ProbeTarget): number {
  if (typeof port === 'number') return port;
  return container.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port);
}

function httpGet(
  action: NonNullable<ProbeAction['httpGet']>,
  timeoutMs: number,
  target: ProbeTarget,
): Promise<ProbeResult> {
  const { path = '/', httpHeaders = [] } = action;
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: target.podIP,
        port: portOf(action.port, target),
        path,
        agent: false,
        timeout: timeoutMs,
        headers: {
          'user-agent': 'kube-probe/1.37',
          ...Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value])),
        },
      },
      (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        const ok = status >= 200 && status < 400;
        resolve({ ok, message: ok ? '' : `HTTP probe failed with statuscode: ${status}` });
      },
    );
    call.once('timeout', () => call.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    call.once('error', reject);
    call.end();
  });
}

function tcpConnect(port: number | string, timeoutMs: number, target: ProbeTarget): Promise<ProbeResult> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: target.podIP, port: portOf(port, target), timeout: timeoutMs });
    socket.once('connect', () => {
      socket.destroy();
      resolve({ ok: true, message: '' });
    });
    socket.once('timeout', () => socket.destroy(new Error(`no connection within ${timeoutMs} ms`)));
    socket.once('error', reject);
  });
}
