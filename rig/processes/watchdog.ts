/**
 * `node watchdog.ts`: outlives its parent just long enough to end the parent's children.
 * Each line on standard input is the list of processes that run now; the pipe ends when the parent dies.
 */
import { createInterface } from 'node:readline';
import { killIdentified } from './kill-identified.ts';
import { sweepLeftovers } from './state-folder.ts';
import type { ProcessIdentity } from './process-identity.ts';

let latest: ProcessIdentity[] = [];
let bye = false;
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  if (line === 'bye') bye = true;
  else latest = JSON.parse(line) as ProcessIdentity[];
});
lines.on('close', () => {
  // After the processes the folder goes; the next start would do it too.
  if (!bye) void killIdentified(latest).then(sweepLeftovers);
});
// The terminal's Ctrl-C and a polite shutdown are the parent's business; this process goes when the pipe ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
