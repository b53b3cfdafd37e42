import { baselineMs, gate, type GateConfig } from './analysis/gate.ts';
import { sliceSamples } from './analysis/slice-samples.ts';
import { fetchSamples, type Sources } from './fetch-samples.ts';
import { lookLog, type LookLog } from './look-log.ts';
import type { GateResult } from './result.ts';
import { scrapeLag } from './scrape-lag.ts';
import type { Verdict } from './verdict.ts';

/** Longest window of one query: bounds the size of an answer. */
const chunkMs = 30 * 60_000;

/**
 * Runs the gate over history from `config.sinceMs` to `endMs`, as fast as the data comes. Samples that may still be on
 * their way at `nowMs` (default: long past) are left out.
 */
export async function replay(
  sources: Sources,
  config: GateConfig,
  endMs: number,
  signal: AbortSignal,
  nowMs = Infinity,
): Promise<GateResult> {
  const { sinceMs, intervalMs } = config;
  const running = gate(config);
  const looks = lookLog(config);
  const fetch = (fromMs: number, toMs: number) =>
    fetchSamples(sources, running, { fromMs, toMs, intervalMs }, signal);
  const before = await fetch(sinceMs - baselineMs, sinceMs);
  running.baseline(before);

  const total = Math.floor(
    (Math.min(endMs, nowMs - scrapeLag(before, running.queries)) - sinceMs) / intervalMs,
  );
  const perChunk = Math.max(1, Math.floor(chunkMs / intervalMs));
  let waitingFor = 'the first look';
  for (let done = 0; done < total; done += perChunk) {
    const count = Math.min(perChunk, total - done);
    const fromMs = sinceMs + done * intervalMs;
    const ends = Array.from({ length: count }, (_, index) => fromMs + (index + 1) * intervalMs);
    const toMs = ends.at(-1) ?? fromMs;
    const chunk = await fetch(fromMs, toMs);
    for (const part of sliceSamples(chunk, ends)) {
      const { report, decision } = running.observe(part, []);
      looks.add(report);
      if (decision.decided) return result(decision.verdict, looks, sinceMs);
      waitingFor = decision.waitingFor;
    }
  }
  const verdict: Verdict = {
    kind: 'inconclusive',
    cause: looks.last() === undefined ? 'no-series' : 'not-enough',
    reason: `the history ends undecided: ${waitingFor}`,
    atMs: looks.last()?.endMs ?? sinceMs,
  };
  return result(verdict, looks, sinceMs);
}

function result(verdict: Verdict, looks: LookLog, sinceMs: number): GateResult {
  return { verdict, sinceMs, looks: looks.list(), steps: [], outages: [], warnings: [] };
}
