import { readFileSync, readdirSync } from 'node:fs';

export interface ArgvWatch {
  /** Every command line seen so far, its words joined by blanks. */
  readonly seen: ReadonlySet<string>;
  stop(): void;
}

const everyMs = 20;

/** Reads the command lines of all processes of this machine from /proc, as any user of it can, until stopped. */
export function watchArgv(): ArgvWatch {
  const seen = new Set<string>();
  const look = (): void => {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        // It has ended since.
      }
    }
  };
  const timer = setInterval(look, everyMs);
  return {
    seen,
    stop: () => {
      clearInterval(timer);
    },
  };
}
