import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childrenCpuMs } from '../children-cpu.ts';
import { root, runBundle, type ActionName } from '../../e2e/support/run-bundle.ts';

export interface Start {
  /** Milliseconds from spawn to exit at the first call. */
  readonly ms: number;
  /** Milliseconds of processor time of the process until then, on all its threads. */
  readonly cpuMs: number;
  /** What was called: a process or a connection; nothing for a program that calls none. */
  readonly port: string;
}

const hook = new URL('./end-at-first-call.ts', import.meta.url).href;
const preload = `--no-warnings --import=${hook}`;

const shop = join(root, 'examples/shop');
/** Nothing listens there: the connection is opened, which is all that is waited for. */
const nowhere = 'http://127.0.0.1:49151';
const inputs: Readonly<Record<ActionName, Readonly<Record<string, string>>>> = {
  'canary-gate': {
    'prometheus-url': nowhere,
    canary: 'track="canary"',
    stable: 'track="stable"',
    metrics: '- preset: http-errors',
  },
  'helm-deploy': { branch: 'develop' },
  lint: {},
  report: {
    needs: '{"scan": {"result": "success", "outputs": {"verdict": "pass"}}}',
    'github-token': 'token',
  },
  rollback: { namespace: 'shop' },
  scan: {},
};
export const actions = Object.keys(inputs) as ActionName[];

export async function startAction(action: ActionName): Promise<Start> {
  const env = { NODE_OPTIONS: preload, GITHUB_API_URL: nowhere, GITHUB_SERVER_URL: nowhere };
  let started = NaN;
  const onStart = (): void => {
    started = performance.now();
  };
  const before = childrenCpuMs();
  const { log, code } = await runBundle({ action, inputs: inputs[action], cwd: shop, env, onStart });
  const port = /^first call: (\w+)$/m.exec(log)?.[1];
  if (port === undefined) throw new Error(`${action} ended with ${code} before it called anything:\n${log}`);
  return { ms: performance.now() - started, cpuMs: childrenCpuMs() - before, port };
}

/** A bundle of which nothing is known, with no input at all: until its first call, or its end if it makes none. */
export async function startBundle(bundle: string): Promise<Start> {
  return startProgram([bundle]);
}

export async function startNode(): Promise<Start> {
  return startProgram(['-e', '0']);
}

async function startProgram(args: readonly string[]): Promise<Start> {
  const temp = mkdtempSync(join(tmpdir(), 'gd-bench-start-'));
  try {
    const before = childrenCpuMs();
    const started = performance.now();
    const child = spawn(process.execPath, args, {
      cwd: temp,
      env: { PATH: process.env.PATH, NODE_OPTIONS: preload, RUNNER_TEMP: temp },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    await once(child, 'close');
    const port = /^first call: (\w+)$/m.exec(errors)?.[1] ?? 'none';
    return { ms: performance.now() - started, cpuMs: childrenCpuMs() - before, port };
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}
