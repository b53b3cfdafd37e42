import { ToolError } from '../../toolkit/action/errors.ts';
import { systemClock } from '../../toolkit/clock/clock.ts';
import { readFileSync } from 'node:fs';
import type { RunningChild } from './children.ts';

/** Asks `probe` until it says true. Fails with the last log lines when the process ends first or time runs out. */
export async function awaitReady(
  child: RunningChild,
  probe: () => Promise<boolean>,
  { timeoutMs = 180_000, everyMs = 100 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    if (await probe().catch(() => false)) return;
    const ended = child.hasExited();
    if (ended || Date.now() > until) {
      throw new ToolError('E_TOOL', `${child.name} ${ended ? 'ended' : 'did not answer'} while starting`, {
        argv: [child.name],
        exitCode: null,
        stderrTail: readFileSync(child.logFile, 'utf8').trimEnd().split('\n').slice(-8).join('\n'),
      });
    }
    await systemClock.sleep(everyMs);
  }
}

/** True when an HTTP GET answers 2xx within a second. */
export async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
  await response.arrayBuffer();
  return response.ok;
}
