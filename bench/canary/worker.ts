import { parentPort } from 'node:worker_threads';
import { runTask } from './run-task.ts';
import type { Task } from './tasks.ts';

parentPort?.on('message', (task: Task) => {
  parentPort?.postMessage(runTask(task));
});
