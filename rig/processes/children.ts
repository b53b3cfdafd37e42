import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnv } from '../../toolkit/process/child-env.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';

export interface SpawnOptions {
  /** A name for messages; also the log file `<dir>/logs/<name>.log` unless `logFile` is given. */
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly logFile?: string;
}

export interface RunningChild {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Settles when the process has ended; never rejects. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  hasExited(): boolean;
  /** Signals the whole group; quiet when it is gone. */
  kill(signal: NodeJS.Signals): void;
}

export interface Children {
  /** Starts a program in a group of its own. Rejects when it cannot be started. */
  spawn(options: SpawnOptions): Promise<RunningChild>;
  /** Ends every child and what it started: SIGTERM to all groups, SIGKILL after `graceMs` to what stays. */
  stopAll(graceMs: number): Promise<void>;
}

/**
 * Starts and ends the rig's processes. Which ones run is written to `<dir>/<list>.json`, and told to a watchdog process
 * over a pipe: when this process dies in whatever way, the watchdog ends them; if it dies too, the next start does.
 */
export function startChildren(dir: string, list = 'processes'): Children {
  const running = new Map<number, { identity: ProcessIdentity; child: RunningChild }>();
  const listFile = join(dir, `${list}.json`);
  const watchdog = spawn(process.execPath, [fileURLToPath(new URL('watchdog.ts', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: childEnv(process.env, 'plain'),
  });
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  (watchdog.stdin as unknown as { unref(): void }).unref();

  const save = (): void => {
    const identities = [...running.values()].map((entry) => entry.identity);
    writeFileSync(listFile, JSON.stringify(identities));
    watchdog.stdin.write(`${JSON.stringify(identities)}\n`);
  };

  save();

  let stopped = false;
  const isStopped = (): boolean => stopped;
  return {
    async spawn(options) {
      if (stopped) throw new Error(`${options.name} is not started: everything is being stopped`);
      const logFile = options.logFile ?? join(dir, 'logs', `${options.name}.log`);
      mkdirSync(dirname(logFile), { recursive: true });
      const log = openSync(logFile, 'a');
      const [program, ...args] = options.argv;
      const child = spawn(program, args, {
        detached: true,
        stdio: ['ignore', log, log],
        env: { ...options.env },
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      });
      closeSync(log);
      await spawned(child);
      const pid = child.pid ?? 0;
      const identity = identify(pid);
      const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
        const end = (code: number | null, signal: NodeJS.Signals | null): void => {
          if (running.delete(pid)) save();
          resolve({ code, signal });
        };
        if (child.exitCode !== null || child.signalCode !== null) end(child.exitCode, child.signalCode);
        else child.once('exit', end);
      });
      const handle: RunningChild = {
        name: options.name,
        pid,
        logFile,
        exited,
        hasExited: () => child.exitCode !== null || child.signalCode !== null,
        kill: (signal) => {
          killGroup(pid, signal);
        },
      };
      if (identity !== undefined && child.exitCode === null) {
        running.set(pid, { identity, child: handle });
        save();
        // Stopped while it was being started.
        if (isStopped()) handle.kill('SIGKILL');
      }
      return handle;
    },
    async stopAll(graceMs) {
      stopped = true;
      const children = [...running.values()].map((entry) => entry.child).reverse();
      for (const child of children) child.kill('SIGTERM');
      const timer = setTimeout(() => {
        for (const child of children) child.kill('SIGKILL');
      }, graceMs);
      await Promise.all(children.map((child) => child.exited));
      clearTimeout(timer);
      // A leader's end does not end its group.
      for (const child of children) child.kill('SIGKILL');
      watchdog.stdin.end('bye\n');
    },
  };
}

export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
}
