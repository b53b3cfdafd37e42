import { decide, type Decision } from '../verdict.ts';
import { analysis, type AnalysisConfig } from './analysis.ts';
import type { LogQuery, Look, Samples } from './look.ts';
import { podDirectory } from './pod-directory.ts';
import type { LookReport } from './report.ts';
import { shareWatch } from './share-watch.ts';
import { sliceSamples } from './slice-samples.ts';
import { stepAt, type Step } from './steps.ts';

/** What is looked at before the canary began: which series were there already, and how much stable pods differ. */
export const baselineMs = 3_600_000;

export interface GateConfig extends AnalysisConfig {
  readonly intervalMs: number;
  readonly minDurationMs: number;
  readonly maxDurationMs: number;
  /** Number of traffic steps planned; 0 when the gate leaves traffic alone. */
  readonly plannedSteps: number;
}

export interface Observed {
  readonly report: LookReport;
  readonly decision: Decision;
}

/** The whole gate as a fold: raw samples in, evidence and decision out. It knows no clock and no server. */
export interface Gate {
  readonly queries: readonly string[];
  readonly logQueries: readonly LogQuery[];
  /** Takes what was there before the canary began, so that later samples have something to be compared with. */
  readonly baseline: (samples: Samples) => void;
  /** The next look; looks end at sinceMs + interval, + 2 intervals and so on. */
  readonly observe: (samples: Samples, steps: readonly Step[]) => Observed;
  /** Looks taken so far. */
  readonly looks: () => number;
}

export function gate(config: GateConfig): Gate {
  const { sinceMs, intervalMs } = config;
  const core = analysis(config);
  const directory = podDirectory(config.arms);
  const share = shareWatch();
  let looks = 0;

  return {
    queries: [...new Set([...core.queries, ...directory.queries])],
    logQueries: core.logQueries,
    looks: () => looks,
    baseline: (samples) => {
      const ends: number[] = [];
      for (let end = sinceMs; end > sinceMs - baselineMs; end -= intervalMs) ends.unshift(end);
      for (const [index, part] of [...sliceSamples(samples, ends)].entries()) {
        const endMs = ends[index] ?? sinceMs;
        const look = {
          index: index - ends.length,
          startMs: endMs - intervalMs,
          endMs,
          step: 0,
          stepStart: false,
        };
        core.baseline(look, part, directory.update(part));
      }
    },
    observe: (samples, steps) => {
      const startMs = sinceMs + looks * intervalMs;
      const endMs = startMs + intervalMs;
      const step = stepAt(steps, endMs);
      const look: Look = {
        index: looks,
        startMs,
        endMs,
        step,
        stepStart: step > 0 && stepAt(steps, startMs) < step,
      };
      looks += 1;
      const seen = core.look(look, samples, directory.update(samples));
      const report = { ...seen, ...share(seen.metrics, steps, endMs) };
      const stepsDone = lastStepDone(steps, config.plannedSteps, endMs, intervalMs);
      return { report, decision: decide(report, { ...config, stepsDone }) };
    },
  };
}

function lastStepDone(steps: readonly Step[], planned: number, endMs: number, intervalMs: number): boolean {
  if (planned === 0) return true;
  const last = steps[planned - 1];
  return last !== undefined && endMs - last.atMs >= intervalMs;
}
