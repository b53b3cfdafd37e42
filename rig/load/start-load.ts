import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { childEnv } from '../../toolkit/process/child-env.ts';
import type { LoadOptions, LoadResult } from './load.ts';

export type { LoadOptions, LoadPath, LoadResult } from './load.ts';

export interface Load {
  /** Stops sending and resolves with what was counted; again with the same the next time. */
  stop(): Promise<LoadResult>;
}

/** Sends requests at a constant rate from a process of its own until it is stopped. Loopback addresses only. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const { hostname } = new URL(options.url);
  if (!/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname)) {
    throw new Error(`${hostname} is not a loopback address: the load generator is for the rig`);
  }
  const child = fork(fileURLToPath(new URL('load-process.ts', import.meta.url)), {
    env: childEnv(process.env, 'plain'),
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const result = new Promise<LoadResult>((resolve, reject) => {
    child.on('message', (message: LoadResult['byStatus'] | 'started') => {
      if (message === 'started') return;
      const sent = Object.values(message).reduce((sum, count) => sum + count, 0);
      resolve({ sent, byStatus: message });
    });
    child.once('exit', () => {
      reject(new Error('the load generator ended without a result'));
    });
    child.once('error', reject);
  });
  // Who stops asks for it; until then a failure waits.
  result.catch(() => undefined);
  child.send(options);
  await Promise.race([new Promise((resolve) => child.once('message', resolve)), result]);

  let asked = false;
  return {
    stop: () => {
      if (!asked && child.connected) child.send('stop');
      asked = true;
      return result;
    },
  };
}
