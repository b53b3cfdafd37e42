import { Worker } from 'node:worker_threads';
import type { Row, Task } from './tasks.ts';

/** Runs the tasks on `size` threads; `onRows` is called once per task, in the order they end. Stops at `deadline`. */
export async function runPool(
  tasks: readonly Task[],
  size: number,
  deadline: number,
  onRows: (task: Task, rows: readonly Row[]) => void,
): Promise<void> {
  const queue = [...tasks];
  await Promise.all(
    Array.from({ length: size }, async () => {
      const worker = new Worker(new URL('worker.ts', import.meta.url));
      try {
        for (let task = queue.shift(); task !== undefined && Date.now() < deadline; task = queue.shift()) {
          onRows(task, await ask(worker, task));
        }
      } finally {
        await worker.terminate();
      }
    }),
  );
}

function ask(worker: Worker, task: Task): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (rows: readonly Row[]) => {
      worker.off('error', reject);
      resolve(rows);
    });
    worker.postMessage(task);
  });
}
