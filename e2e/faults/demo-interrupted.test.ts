/** Ctrl-C in the middle of the demo, with the suite's own rig beside it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { rig } from '../support/rig.ts';

it.each([
  ['once, waits for its workflows', 1, 1],
  ['twice, ends all at once', 2, 130],
])(
  'interrupted %s, and leaves nothing',
  async (_, times, code) => {
    // Its own folder for temporary files marks everything it starts.
    const folder = mkdtempSync(join(tmpdir(), 'demo-'));
    const out = join(folder, 'out');
    const args = ['--no-warnings', 'rig/demo.ts', '--out', out];
    const child = execFile(process.execPath, args, { env: { ...process.env, TMPDIR: folder } });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    let output = '';
    child.stdout?.on('data', (chunk: string) => (output += chunk));
    // The first job of a workflow is over.
    await eventually(async () => output.includes('Job succeeded') || child.exitCode !== null, 240_000);
    expect(output).toContain('Job succeeded');
    expect(processesOf(folder).length).toBeGreaterThan(8);
    for (let i = 0; i < times; i += 1) {
      // Two that follow each other closely are one.
      if (i > 0) await sleep(1_200);
      child.kill('SIGINT');
    }
    expect(await ended).toBe(code);
    await eventually(async () => processesOf(folder).length === 0);
    const kept = readdirSync(out, { recursive: true, encoding: 'utf8' });
    expect(kept.filter((name) => /secrets\.yml$|repository$|origin\.git$/.test(name))).toEqual([]);
    expect((await fetch(`${rig().prometheusUrl}/-/ready`)).status).toBe(200);
    rmSync(folder, { recursive: true, force: true });
  },
  400_000,
);

/** Processes that were told of the folder by an argument or by their environment. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter((pid) => ['cmdline', 'environ'].some((file) => textOf(pid, file).includes(folder)));
}

function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It ended in the meantime.
    return '';
  }
}
