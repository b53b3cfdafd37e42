import type { Outage } from './result.ts';

export interface OutageLog {
  /** Notes that there is no data; true when this is news. */
  readonly begin: (nowMs: number, detail: string) => boolean;
  readonly end: (nowMs: number) => void;
  readonly list: () => readonly Outage[];
}

/** Remembers the times without usable data, joined while they last. */
export function outageLog(): OutageLog {
  const outages: { fromMs: number; toMs: number | undefined; detail: string }[] = [];
  const open = (): (typeof outages)[number] | undefined => {
    const last = outages.at(-1);
    return last?.toMs === undefined ? last : undefined;
  };
  return {
    begin: (nowMs, detail) => {
      const current = open();
      if (current?.detail === detail) return false;
      if (current !== undefined) current.toMs = nowMs;
      outages.push({ fromMs: nowMs, toMs: undefined, detail });
      return true;
    },
    end: (nowMs) => {
      const current = open();
      if (current !== undefined) current.toMs = nowMs;
    },
    list: () => outages,
  };
}
