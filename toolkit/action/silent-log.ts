import type { Log } from './log.ts';

const nothing = (): void => undefined;

/** Prints nothing (for tests). */
export const silentLog: Log = {
  info: nothing,
  notice: nothing,
  warning: nothing,
  error: nothing,
  debug: nothing,
  raw: nothing,
  group: (_title, body) => body(),
};

/** For tests of what nobody interrupts. */
export const neverAborted = new AbortController().signal;
