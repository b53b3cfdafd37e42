import { mkdtempSync, readFileSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { systemProcess } from './process.ts';

const dir = mkdtempSync(join(tmpdir(), 'gd-process-'));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

const env = { PATH: process.env.PATH ?? '' };
const node = (script: string, ...args: string[]): [string, ...string[]] => [
  process.execPath,
  '-e',
  script,
  ...args,
];

describe('systemProcess', () => {
  it('hands arguments over untouched: no shell reads them', async () => {
    const names = ['$(id)', 'a b', '-rf', '`id`', 'a;b', "'", '"', '\n', 'ü'];
    const { stdout } = await systemProcess.run(
      node('console.log(JSON.stringify(process.argv.slice(1)))', '--', ...names),
      { env },
    );
    expect(JSON.parse(stdout)).toEqual(names);
  });

  it('gives the child exactly the environment it is given', async () => {
    process.env.GD_TEST_TOKEN = 'not for children';
    const { stdout } = await systemProcess.run(node('console.log(Object.keys(process.env).join())'), {
      env: { ONLY: '1' },
    });
    delete process.env.GD_TEST_TOKEN;
    expect(stdout.trim()).toBe('ONLY');
  });

  it('keeps both streams, the exit code and whole lines', async () => {
    const lines: string[] = [];
    const script = 'process.stdout.write("a\\r\\nb"); process.stderr.write("e\\n"); process.exitCode = 3';
    const result = await systemProcess.run(node(script), {
      env,
      onLine: (line, stream) => lines.push(`${stream}:${line}`),
    });
    expect(result).toMatchObject({ code: 3, stdout: 'a\r\nb', stderr: 'e\n', ended: 'by-itself' });
    expect(lines.sort()).toEqual(['stderr:e', 'stdout:a', 'stdout:b']);
  });

  it('passes input, and does not mind a child that never reads it', async () => {
    const echo = await systemProcess.run(node('process.stdin.pipe(process.stdout)'), { env, input: 'text' });
    expect(echo.stdout).toBe('text');
    const deaf = await systemProcess.run(node('process.exit(0)'), { env, input: 'x'.repeat(1_000_000) });
    expect(deaf.code).toBe(0);
  });

  it('ends a whole process group at the time limit, grandchildren too', async () => {
    const pidFile = join(dir, 'grandchild');
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)']);
      require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
      process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
    const result = await systemProcess.run(node(script), { env, timeoutMs: 700, graceMs: 200 });
    expect(result.ended).toBe('timeout');
    const pid = readFileSync(pidFile, 'utf8');
    // Gone, or a zombie that init has not collected yet.
    const gone = (): boolean => {
      if (!existsSync(`/proc/${pid}`)) return true;
      return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(' Z ');
    };
    for (let i = 0; i < 50 && !gone(); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(gone()).toBe(true);
  });

  it.each(['process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);', 'setInterval(() => {}, 1000);'])(
    'does not wait for a grandchild that left the group and holds the streams: %s',
    async (wait) => {
      const pidFile = join(dir, 'outsider');
      const script = `
        const { spawn } = require('node:child_process');
        const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 30_000)'], { detached: true, stdio: 'inherit' });
        require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
        child.unref(); console.log('said'); ${wait}`;
      const result = await systemProcess.run(node(script), { env, timeoutMs: 700, graceMs: 200 });
      const outsider = Number(readFileSync(pidFile, 'utf8'));
      // It still runs: nothing but its end or this would have closed the streams.
      expect(process.kill(outsider, 'SIGKILL')).toBe(true);
      expect(result).toMatchObject({ ended: 'timeout', code: null, stdout: 'said\n' });
    },
  );

  it('interrupts the child politely when cancelled', async () => {
    const controller = new AbortController();
    const script =
      'process.on("SIGINT", () => { console.log("bye"); process.exit(7) }); console.log("ready"); setInterval(() => {}, 1000)';
    const result = await systemProcess.run(node(script), {
      env,
      signal: controller.signal,
      onLine: (line) => {
        if (line === 'ready') controller.abort();
      },
    });
    expect(result).toMatchObject({ code: 7, ended: 'cancelled', stdout: 'ready\nbye\n' });
  });

  it('ends a child that prints without end', async () => {
    const script =
      'const s = "x".repeat(65536); (function w() { while (process.stdout.write(s)); process.stdout.once("drain", w) })()';
    const result = await systemProcess.run(node(script), { env, maxBytes: 1_000_000, graceMs: 500 });
    expect(result.ended).toBe('too-much-output');
    expect(result.stdout.length).toBeLessThanOrEqual(1_000_000);
  });

  it('rejects with ENOENT for a program that is not there', async () => {
    await expect(systemProcess.run(['no-such-program-here'], { env })).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
