import { setTimeout as sleep } from 'node:timers/promises';

/** Looks every 200 ms until it holds; throws after `ms` (default 60 s). */
export async function eventually(holds: () => Promise<boolean>, ms = 60_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it did not come to hold within ${ms} ms`);
    await sleep(200);
  }
}
