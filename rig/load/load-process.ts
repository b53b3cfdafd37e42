/** A process that only sends: the caller's own work does not disturb the rate. Speaks with its parent over IPC. */
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { addCounts, lanesFor, type LoadOptions } from './load.ts';

type Counts = Readonly<Record<string, number>>;

process.once('message', (message) => {
  void send(message as LoadOptions).then((byStatus) => {
    process.send?.(byStatus);
    process.disconnect();
  });
});
// The parent is gone, or has its answer.
process.once('disconnect', () => {
  process.exit(0);
});

async function send(options: LoadOptions): Promise<Counts> {
  const stop = new AbortController();
  process.once('message', () => {
    stop.abort();
  });
  process.send?.('started');
  const lanes = lanesFor(options.rps);
  const counts = await Promise.all(
    lanes.map(async (rate, i) => {
      // autocannon sends a second's requests at its start: lanes that begin one after the other spread them.
      await sleep((i * 1_000) / lanes.length, undefined, { signal: stop.signal }).catch(() => undefined);
      return stop.signal.aborted ? {} : runLane(options, rate, stop.signal);
    }),
  );
  return counts.reduce(addCounts, {});
}

function runLane(options: LoadOptions, rate: number, signal: AbortSignal): Promise<Counts> {
  return new Promise((resolve) => {
    const instance = autocannon(
      {
        url: options.url,
        // One request a second each: a slow answer holds up nobody else.
        connections: rate,
        overallRate: rate,
        // Until it is told to stop, which it looks for at each sample.
        sampleInt: 50,
        duration: 86_400,
        timeout: 10,
        headers: { ...options.headers },
        requests: options.paths.map((path) =>
          typeof path === 'string' ? { method: 'GET' as const, path } : { method: 'GET' as const, ...path },
        ),
      },
      (_error: unknown, result: autocannon.Result | undefined) => {
        resolve(result === undefined ? {} : countsOf(result));
      },
    );
    signal.addEventListener('abort', () => {
      instance.stop();
    });
  });
}

function countsOf(result: autocannon.Result): Counts {
  const counts: Record<string, number> = {};
  for (const [status, stats] of Object.entries(result.statusCodeStats ?? {})) {
    if (stats.count !== undefined) counts[status] = stats.count;
  }
  // Timeouts are among the errors.
  if (result.errors > 0) counts.error = result.errors;
  return counts;
}
