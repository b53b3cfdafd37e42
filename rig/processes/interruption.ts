/** Two Ctrl-C within this time are one: npm passes on what the terminal has sent to all already. */
const sameMs = 1_000;

/** The first signal that ends a program aborts what it does; `force` is called for one that comes later again. */
export function interruption(force: () => void): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      first ??= performance.now();
      if (!controller.signal.aborted) controller.abort(new Error(`ended by ${name}`));
      else if (performance.now() - first > sameMs) force();
    });
  }
  return controller.signal;
}
