import { formatDuration } from '../../../../../toolkit/action/duration.ts';
import type { Clock } from '../../../../../toolkit/clock/clock.ts';
import { task, type SonarTask } from './sonar-answers.ts';
import type { SonarClient } from './sonar-client.ts';

const longestWaitMs = 15_000;

export type TaskEnd =
  | { readonly kind: 'done'; readonly analysisId: string }
  | { readonly kind: 'failed'; readonly message: string };

/** Asks for the server's work on an analysis after 1, 2, 4, 8 and then every 15 s, until it ends or time is up. */
export async function awaitTask(
  client: SonarClient,
  id: string,
  options: { readonly clock: Clock; readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<TaskEnd> {
  const { clock, signal, timeoutMs } = options;
  const deadline = clock.now() + timeoutMs;
  for (let wait = 1_000; ; wait = Math.min(longestWaitMs, wait * 2)) {
    const { task: now } = await client.get('api/ce/task', { id }, task);
    const end = endOf(now);
    if (end !== undefined) return end;
    const left = deadline - clock.now();
    if (left <= 0) {
      const after = formatDuration(timeoutMs);
      return {
        kind: 'failed',
        message: `the server has not finished the analysis after ${after} (${now.status})`,
      };
    }
    await clock.sleep(Math.min(wait, left), signal);
  }
}

function endOf({ status, analysisId, errorMessage }: SonarTask): TaskEnd | undefined {
  switch (status) {
    case 'PENDING':
    case 'IN_PROGRESS':
      return undefined;
    case 'SUCCESS':
      return analysisId === undefined
        ? { kind: 'failed', message: 'the server has finished without an analysis' }
        : { kind: 'done', analysisId };
    case 'FAILED':
    case 'CANCELED': {
      const why = errorMessage === undefined ? '' : `: ${errorMessage.replaceAll(/\s+/g, ' ')}`;
      return { kind: 'failed', message: `the server's analysis is ${status}${why}` };
    }
  }
}
