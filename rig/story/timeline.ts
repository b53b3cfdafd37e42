/** Prints what happens, as it happens, with the time since the start. */
export interface Timeline {
  chapter(title: string): void;
  say(text: string): void;
  /** A promise of the story: prints it with a tick, or throws with what was found instead. */
  check(promise: string, holds: boolean, found?: string): void;
  /** Time since the start, in minutes and seconds. */
  elapsed(): string;
}

export function startTimeline(write: (line: string) => void): Timeline {
  const started = performance.now();
  const passed = (): number => Math.round((performance.now() - started) / 1000);
  const stamp = (): string => {
    const seconds = passed();
    return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
  };
  return {
    chapter: (title) => {
      write(`\n${stamp()}  ━━ ${title}`);
    },
    say: (text) => {
      write(`${stamp()}     ${text}`);
    },
    check: (promise, holds, found) => {
      if (!holds) throw new Error(`not so: ${promise}${found === undefined ? '' : ` (found: ${found})`}`);
      write(`${stamp()}   ✓ ${promise}`);
    },
    elapsed: () => `${String(Math.floor(passed() / 60))} min ${String(passed() % 60)} s`,
  };
}
