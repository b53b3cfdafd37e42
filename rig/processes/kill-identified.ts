import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './process-identity.ts';

/** Ends process groups whose leaders are still the processes they were: SIGTERM, and SIGKILL after `graceMs`. */
export async function killIdentified(identities: readonly ProcessIdentity[], graceMs = 2_000): Promise<void> {
  const signal = (name: NodeJS.Signals): void => {
    for (const identity of identities) {
      if (!isAlive(identity)) continue;
      try {
        process.kill(-identity.pid, name);
      } catch {
        // Gone between the look and the signal.
      }
    }
  };
  signal('SIGTERM');
  const until = Date.now() + graceMs;
  while (identities.some(isAlive) && Date.now() < until) await sleep(50);
  signal('SIGKILL');
  while (identities.some(isAlive)) await sleep(20);
}
