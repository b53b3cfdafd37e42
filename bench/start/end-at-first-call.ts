/** Preloaded into an action: ends it at its first call of a port, a process or a connection, and says which. */
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';

function end(port: string): () => never {
  return () => {
    writeSync(2, `first call: ${port}\n`);
    process.exit(0);
  };
}
subscribe('child_process', end('process'));
subscribe('net.client.socket', end('connection'));
