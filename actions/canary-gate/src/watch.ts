import type { Log } from '../../../toolkit/action/log.ts';
import type { Clock } from '../../../toolkit/clock/clock.ts';
import { QueryFailure } from '../../../toolkit/prometheus/prometheus.ts';
import type { TrafficRouter } from '../../../toolkit/traffic/router.ts';
import { baselineMs, gate, type Gate, type GateConfig } from './analysis/gate.ts';
import { sliceSamples } from './analysis/slice-samples.ts';
import type { Step } from './analysis/steps.ts';
import { fetchSamples, type Sources } from './fetch-samples.ts';
import { lookLog, type LookLog } from './look-log.ts';
import { outageLog, type OutageLog } from './outage-log.ts';
import { progressLine } from './progress.ts';
import type { GateResult } from './result.ts';
import { leastLagMs, scrapeLag } from './scrape-lag.ts';
import type { StatePort } from './state-file.ts';
import { nextWeight, type TrafficPlan } from './traffic-plan.ts';
import type { Verdict } from './verdict.ts';

export interface WatchPorts {
  readonly sources: Sources;
  readonly clock: Clock;
  readonly serverNowMs: () => number;
  readonly router: TrafficRouter | undefined;
  readonly state: StatePort;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface WatchOptions {
  readonly config: Omit<GateConfig, 'sinceMs'>;
  /** When the canary began, ms; undefined: when the gate starts. */
  readonly startMs: number | undefined;
  readonly fingerprint: string;
  readonly traffic: TrafficPlan;
}

/** Longest window asked for in one go, when catching up after an outage or a dead runner. */
const chunkMs = 30 * 60_000;

interface Watch {
  readonly ports: WatchPorts;
  readonly options: WatchOptions;
  readonly sinceMs: number;
  readonly gate: Gate;
  readonly looks: LookLog;
  readonly steps: Step[];
  readonly outages: OutageLog;
  readonly warnings: string[];
  /** A look is taken this long after its end, so that late samples are in; known better once the history is read. */
  lagMs: number;
}

/** Watches until there is a verdict. Cancellation is a verdict too: inconclusive. */
export async function watch(ports: WatchPorts, options: WatchOptions): Promise<GateResult> {
  const saved = await ports.state.load();
  const sinceMs = saved?.sinceMs ?? options.startMs ?? ports.serverNowMs();
  const started: Watch = {
    ports,
    options,
    sinceMs,
    gate: gate({ ...options.config, sinceMs }),
    looks: lookLog(options.config),
    steps: [...(saved?.steps ?? [])],
    outages: outageLog(),
    warnings: [],
    lagMs: leastLagMs,
  };
  const verdict = await begin(started, saved !== undefined).catch((error: unknown): Verdict => {
    if (!ports.signal.aborted) throw error;
    const atMs = started.looks.last()?.endMs ?? sinceMs;
    return { kind: 'inconclusive', cause: 'cancelled', reason: 'the run was cancelled', atMs };
  });
  await saveState(started, verdict.kind !== 'inconclusive' || verdict.cause !== 'cancelled');
  const { looks, steps, outages, warnings } = started;
  return { verdict, sinceMs, looks: looks.list(), steps, outages: outages.list(), warnings };
}

async function begin(watching: Watch, continued: boolean): Promise<Verdict> {
  const { ports, steps, sinceMs } = watching;
  const current = steps.at(-1);
  if (continued) ports.log.info(`continuing the watch that began at ${new Date(sinceMs).toISOString()}`);
  // A cancelled run may have taken the canary's traffic away: it continues where it was.
  if (current !== undefined) await ports.router?.set(current.weight);
  return untilDecided(watching);
}

async function untilDecided(watching: Watch): Promise<Verdict> {
  const { ports, options, sinceMs, gate: running } = watching;
  const { intervalMs, maxDurationMs } = options.config;
  let baselineTaken = false;

  await stepTraffic(watching);
  for (;;) {
    await sleepUntilNextLook(watching);
    try {
      if (!baselineTaken) {
        const before = await fetch(watching, sinceMs - baselineMs, sinceMs);
        running.baseline(before);
        watching.lagMs = scrapeLag(before, running.queries);
        baselineTaken = true;
      }
      const ends = readyLooks(watching);
      const fromMs = sinceMs + running.looks() * intervalMs;
      const samples = await fetch(watching, fromMs, ends.at(-1) ?? fromMs);
      watching.outages.end(ports.serverNowMs());
      for (const part of sliceSamples(samples, ends)) {
        const { report, decision } = running.observe(part, watching.steps);
        watching.looks.add(report);
        if (decision.decided) return decision.verdict;
        ports.log.info(progressLine(report, options.config, sinceMs, decision.waitingFor));
      }
    } catch (error) {
      if (!(error instanceof QueryFailure) || ports.signal.aborted) throw error;
      if (watching.outages.begin(ports.serverNowMs(), error.message))
        ports.log.warning(`${error.message}; the watch goes on and catches up`);
      const readyMs = ports.serverNowMs() - watching.lagMs;
      if (readyMs - sinceMs >= maxDurationMs) return outageVerdict(error.message, readyMs);
      await ports.clock.sleep(Math.min(intervalMs, 5_000), ports.signal);
      continue;
    }
    await stepTraffic(watching);
  }
}

/** Ends of the looks whose samples are in by now; none when the lag has just turned out to be longer. */
function readyLooks({ ports, options, sinceMs, gate: running, lagMs }: Watch): number[] {
  const { intervalMs } = options.config;
  const fromMs = sinceMs + running.looks() * intervalMs;
  const readyMs = Math.min(ports.serverNowMs() - lagMs, fromMs + chunkMs);
  const count = Math.max(0, Math.floor((readyMs - fromMs) / intervalMs));
  return Array.from({ length: count }, (_, index) => fromMs + (index + 1) * intervalMs);
}

/** The deadline has come while Prometheus gives nothing: that says nothing about the canary. */
function outageVerdict(detail: string, atMs: number): Verdict {
  return { kind: 'inconclusive', cause: 'prometheus', reason: `no data to decide on: ${detail}`, atMs };
}

function fetch({ ports, options, gate: running }: Watch, fromMs: number, toMs: number) {
  const { intervalMs } = options.config;
  return fetchSamples(ports.sources, running, { fromMs, toMs, intervalMs }, ports.signal);
}

async function sleepUntilNextLook({ ports, options, sinceMs, gate: running, lagMs }: Watch): Promise<void> {
  const nextEndMs = sinceMs + (running.looks() + 1) * options.config.intervalMs;
  const waitMs = nextEndMs + lagMs - ports.serverNowMs();
  if (waitMs > 0) await ports.clock.sleep(waitMs, ports.signal);
  else ports.signal.throwIfAborted();
}

async function stepTraffic(watching: Watch): Promise<void> {
  const { ports, options, steps, looks } = watching;
  const nowMs = ports.serverNowMs();
  const weight = nextWeight(options.traffic, steps, nowMs, looks.last());
  if (ports.router === undefined || weight === undefined) {
    if (steps.length === 0) await saveState(watching, false);
    return;
  }
  const set = await setWeight(watching, ports.router, weight);
  if (set === undefined) return;
  if (Math.abs(set - weight) > 0.5)
    watching.warnings.push(`${ports.router.name} was set to ${weight} % and says ${set} %`);
  steps.push({ weight, atMs: ports.serverNowMs() });
  ports.log.info(`traffic: ${set} % to the canary (${ports.router.name})`);
  await saveState(watching, false);
}

/** The first step has to work, or nothing is begun; a later one that fails is held and tried again at the next look. */
async function setWeight(
  { ports, steps, warnings }: Watch,
  router: TrafficRouter,
  weight: number,
): Promise<number | undefined> {
  try {
    return await router.set(weight);
  } catch (error) {
    if (steps.length === 0 || ports.signal.aborted) throw error;
    const text = error instanceof Error ? error.message : String(error);
    const warning = `${router.name} could not be set to ${weight} %: ${text}`;
    if (!warnings.includes(warning)) warnings.push(warning);
    ports.log.warning(`${warning}; the step is held`);
    return undefined;
  }
}

async function saveState({ ports, options, sinceMs, steps }: Watch, decided: boolean): Promise<void> {
  await ports.state.save({ version: 1, fingerprint: options.fingerprint, sinceMs, steps, decided });
}
