import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const server = fileURLToPath(new URL('../src/server.js', import.meta.url));
let child;

/** The real process, as a container runs it; resolves with its URL once it listens. */
async function run(env) {
  child = spawn(process.execPath, [server], {
    env: { PATH: process.env.PATH, PORT: '0', DRAIN_MS: '300', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { message, port } = JSON.parse(line);
    if (message === 'listening') return `http://127.0.0.1:${port}`;
  }
  throw new Error('the server ended before it listened');
}

afterEach(() => child.kill('SIGKILL'));

describe('the process', () => {
  it('is healthy and ready, then drains on SIGTERM and ends with 0', async () => {
    const url = await run({});
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);

    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    let ready;
    do ready = await fetch(`${url}/readyz`);
    while (ready.status === 200);
    expect(await ready.json()).toEqual({ status: 'draining' });
    const late = await fetch(`${url}/api/products`);
    expect(late.status).toBe(200);
    expect(late.headers.get('connection')).toBe('close');
    expect(await exit).toEqual([0, null]);
  });

  it('finishes a slow request that was under way', async () => {
    const url = await run({ FAULT_LATENCY_MS: '800', DRAIN_MS: '0' });
    const answer = fetch(`${url}/api/products`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect((await answer).status).toBe(200);
    expect(await exit).toEqual([0, null]);
  });

  it('does not start with a bad setting, and names it', async () => {
    child = spawn(process.execPath, [server], { env: { PAYMENTS_ATTEMPTS: 'two' } });
    let text = '';
    child.stderr.on('data', (chunk) => (text += chunk));
    const [code] = await once(child, 'exit');
    expect(code).toBe(1);
    expect(text).toContain('PAYMENTS_ATTEMPTS must be an integer');
  });

  it('ends with 70 when the release makes it crash', async () => {
    await run({ FAULT_CRASH_AFTER_SECONDS: '0.1' });
    const [code] = await once(child, 'exit');
    expect(code).toBe(70);
  });
});
