const mebibyte = 1024 * 1024;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What a bad release does wrong, as its values say. All zero in a good one. */
export function createFaults({ faults, random, crash }) {
  const kept = [];
  // Filled, because pages that were never written do not count as memory in use.
  const leak = (bytes) => kept.push(Buffer.alloc(bytes, 1));
  const timers = [];

  return {
    start() {
      if (faults.leakMiBPerMinute > 0)
        timers.push(setInterval(() => leak(Math.round((faults.leakMiBPerMinute * mebibyte) / 60)), 1000));
      if (faults.crashAfterSeconds > 0) timers.push(setTimeout(crash, faults.crashAfterSeconds * 1000));
    },
    stop: () => timers.forEach((timer) => clearInterval(timer)),
    /** Called once per API request, before it is handled. */
    async onRequest() {
      if (faults.leakBytesPerRequest > 0) leak(faults.leakBytesPerRequest);
      if (faults.latencyMs > 0) await wait(faults.latencyMs * (0.5 + random()));
    },
    /** Called once per checkout: throws for the configured share of them. */
    onCheckout() {
      if (random() < faults.errorRate) throw new Error('the order could not be stored');
    },
    keptBytes: () => kept.reduce((sum, { length }) => sum + length, 0),
  };
}
