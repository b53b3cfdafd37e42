import { samplesOf, type Samples } from './analysis/look.ts';

/** Samples younger than this may still be on their way (remote write, slow scrapes). */
export const leastLagMs = 30_000;
/** A series rarer than this is no longer waited for: a target that is silent for as long is a data problem. */
const mostLagMs = 5 * 60_000;
/** Fewer samples than this show no rhythm. */
const enough = 3;

/**
 * How long after its end a look is taken, ms: two scrapes of the most rarely scraped series, at least 30 s.
 * `queries`: those of Prometheus, because the spacing of counted log lines is the gate's own.
 */
export function scrapeLag(samples: Samples, queries: readonly string[]): number {
  let rarest = 0;
  for (const one of samplesOf(samples, queries)) rarest = Math.max(rarest, medianSpacing(one.samples));
  return Math.min(mostLagMs, Math.max(leastLagMs, 2 * rarest));
}

/** The median, because gaps and restarts are no rhythm; 0 for too few samples to tell. */
function medianSpacing(samples: readonly (readonly [number, number])[]): number {
  if (samples.length < enough) return 0;
  const spacings = samples.slice(1).map(([time], index) => time - (samples[index]?.[0] ?? time));
  return spacings.sort((a, b) => a - b)[Math.floor((spacings.length - 1) / 2)] ?? 0;
}
