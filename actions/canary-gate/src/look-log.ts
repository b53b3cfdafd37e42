import type { LookReport } from './analysis/report.ts';

/** The looks of a gate for its report. */
export interface LookLog {
  readonly add: (look: LookReport) => void;
  readonly last: () => LookReport | undefined;
  /** In order; the last look is always the last one added. */
  readonly list: () => readonly LookReport[];
}

/** Four hours of looks at the usual 15 s. */
const mostLooks = 1_000;

/**
 * Keeps every look up to `most` of them, then every second, every fourth and so on, so that memory and report stay
 * bounded however long a watch is. The first and the last look stay, and those at which something happened: a traffic
 * step, or the first crossing of a threshold by a metric or by all together.
 */
export function lookLog(
  thresholds: { readonly alpha: number; readonly promoteAlpha: number },
  most = mostLooks,
): LookLog {
  const failAt = -Math.log(thresholds.alpha);
  const promoteAt = -Math.log(thresholds.promoteAlpha);
  const crossed = new Set<string>();
  let kept: { readonly look: LookReport; readonly notable: boolean }[] = [];
  let last: LookReport | undefined;
  let every = 1;

  const isFirst = (crossing: string): boolean => {
    const known = crossed.has(crossing);
    crossed.add(crossing);
    return !known;
  };
  const isNotable = (look: LookReport): boolean => {
    const crossings = look.metrics.flatMap(({ name, logE, logPromote = 0, tripped }) => [
      ...(logE >= failAt ? [`${name} fails`] : []),
      ...(logPromote >= promoteAt ? [`${name} promotes`] : []),
      ...(tripped === undefined ? [] : [`${name} trips`]),
    ]);
    const named = [`step ${look.step}`, ...crossings, ...(look.logE >= failAt ? ['all fail'] : [])];
    // Each of them is noted, not only the first one found.
    return named.map(isFirst).includes(true);
  };

  return {
    last: () => last,
    add: (look) => {
      last = look;
      const notable = isNotable(look);
      if (!notable && look.index % every !== 0) return;
      kept.push({ look, notable });
      while (kept.length > most && every < 2 ** 30) {
        every *= 2;
        kept = kept.filter((one) => one.notable || one.look.index % every === 0);
      }
    },
    list: () => {
      const looks = kept.map(({ look }) => look);
      return last === undefined || looks.at(-1) === last ? looks : [...looks, last];
    },
  };
}
