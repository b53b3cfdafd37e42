import { spawn } from 'node:child_process';

export type Argv = readonly [program: string, ...args: string[]];

export interface RunOptions {
  readonly cwd?: string;
  /** The child's whole environment. Use `childEnv()`; nothing is inherited behind its back. */
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
  /** After this the whole process group is ended (SIGTERM, then SIGKILL after `graceMs`). */
  readonly timeoutMs?: number;
  /** On abort the group gets SIGINT at once, so that helm can mark its release failed, then SIGKILL after `graceMs`. */
  readonly signal?: AbortSignal;
  /** Milliseconds between the polite signal and SIGKILL. Default 5,000: inside the runner's 7.5 s. */
  readonly graceMs?: number;
  /** Called for each complete line as it arrives. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Bytes kept of each stream (default 256 MiB); the child is ended when it prints more. */
  readonly maxBytes?: number;
}

export interface RunResult {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: 'by-itself' | 'timeout' | 'cancelled' | 'too-much-output';
  readonly durationMs: number;
}

/** Runs programs. A program that cannot be started rejects with the system's error (ENOENT …); any exit resolves. */
export interface ProcessPort {
  run(argv: Argv, options: RunOptions): Promise<RunResult>;
}

export const systemProcess: ProcessPort = { run };

function run(argv: Argv, options: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const graceMs = options.graceMs ?? 5_000;
  const maxBytes = options.maxBytes ?? 256 * 1024 * 1024;
  const [program, ...args] = argv;

  return new Promise((resolve, reject) => {
    // A group of its own: the runner signals only the entry process, and tools fork helpers that must end with them.
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...options.env },
      detached: true,
      shell: false,
    });
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const bytes = { stdout: 0, stderr: 0 };
    let ended: RunResult['ended'] = 'by-itself';
    let isKilled = false;
    let killTimer: NodeJS.Timeout | undefined;

    const signalGroup = (name: NodeJS.Signals): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, name);
      } catch {
        // The group is gone already.
      }
    };
    const end = (why: RunResult['ended'], first: NodeJS.Signals): void => {
      if (ended !== 'by-itself') return;
      ended = why;
      signalGroup(first);
      killTimer = setTimeout(() => {
        signalGroup('SIGKILL');
        isKilled = true;
        if (child.exitCode !== null || child.signalCode !== null) closeStreams();
      }, graceMs);
    };

    // A grandchild that left the group keeps the streams open as long as it lives, and is not waited for.
    const closeStreams = (): void => {
      child.stdout.destroy();
      child.stderr.destroy();
    };
    child.once('exit', () => {
      if (isKilled) closeStreams();
    });

    const timeout =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            end('timeout', 'SIGTERM');
          }, options.timeoutMs);
    const onAbort = (): void => {
      end('cancelled', 'SIGINT');
    };
    if (options.signal?.aborted) onAbort();
    options.signal?.addEventListener('abort', onAbort, { once: true });

    for (const stream of ['stdout', 'stderr'] as const) {
      const lines = lineSplitter((line) => options.onLine?.(line, stream));
      child[stream].on('data', (chunk: Buffer) => {
        bytes[stream] += chunk.length;
        if (bytes[stream] > maxBytes) {
          end('too-much-output', 'SIGTERM');
          return;
        }
        chunks[stream].push(chunk);
        if (options.onLine) lines.push(chunk);
      });
      child[stream].on('end', () => {
        lines.flush();
      });
    }

    const settle = (): void => {
      clearTimeout(timeout);
      clearTimeout(killTimer);
      options.signal?.removeEventListener('abort', onAbort);
    };
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (code, signal) => {
      settle();
      // What the child left behind in its group ends with it when it was ended by us.
      if (ended !== 'by-itself') signalGroup('SIGKILL');
      resolve({
        code,
        signal,
        stdout: Buffer.concat(chunks.stdout).toString('utf8'),
        stderr: Buffer.concat(chunks.stderr).toString('utf8'),
        ended,
        durationMs: performance.now() - started,
      });
    });

    // A child that exits without reading its input makes a write fail; its exit code tells the story.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

function lineSplitter(onLine: (line: string) => void): { push(chunk: Buffer): void; flush(): void } {
  const decoder = new TextDecoder();
  let rest = '';
  return {
    push(chunk) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) onLine(line.replace(/\r$/, ''));
    },
    flush() {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
