import { formatDuration } from '../../toolkit/action/duration.ts';

export interface ProgressItem {
  readonly name: string;
  /** Expected seconds of work, 0 when it is over at once. */
  readonly seconds: number;
}

/** `2 of 9 done, kube-apiserver, kwok; 1m 40s gone, about 6m 00s to go`: pure, so that it can be tested. */
export function progressLine(state: {
  readonly items: readonly ProgressItem[];
  readonly done: ReadonlySet<string>;
  readonly running: ReadonlyMap<string, number>;
  readonly now: number;
  readonly startedAt: number;
  readonly lanes: number;
}): string {
  const left = state.items
    .filter((item) => !state.done.has(item.name))
    .reduce((sum, item) => {
      const since = state.running.get(item.name);
      const spent = since === undefined ? 0 : (state.now - since) / 1e3;
      return sum + Math.max(item.seconds - spent, item.seconds * 0.05);
    }, 0);
  const parts = [`${state.done.size} of ${state.items.length} ready`];
  if (state.running.size > 0) parts.push(`at ${[...state.running.keys()].join(', ')}`);
  parts.push(`${formatDuration(state.now - state.startedAt)} gone`);
  if (left >= 1) parts.push(`about ${formatDuration((left / state.lanes) * 1e3)} to go`);
  return parts.join(', ');
}

/** Reports after 2 s and then every 10 s until stopped. */
export function startProgress(
  items: readonly ProgressItem[],
  lanes: number,
  log: (line: string) => void,
): { begin(name: string): void; end(name: string): void; stop(): void } {
  const startedAt = Date.now();
  const done = new Set<string>();
  const running = new Map<string, number>();
  const report = (): void => {
    log(`tools: ${progressLine({ items, done, running, now: Date.now(), startedAt, lanes })}`);
  };
  const first = setTimeout(report, 2_000);
  const timer = setInterval(report, 10_000);
  return {
    begin: (name) => running.set(name, Date.now()),
    end: (name) => {
      running.delete(name);
      done.add(name);
    },
    stop: () => {
      clearTimeout(first);
      clearInterval(timer);
    },
  };
}
