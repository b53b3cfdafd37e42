import type { Arm } from './arms.ts';
import type { BucketCounter } from './bucket-counts.ts';
import { silentMs } from './problems.ts';
import type { DataProblem } from './report.ts';

type Layouts = Pick<BucketCounter, 'boundaries' | 'lacking' | 'silent'>;

/** Boundaries that every pod of both arms has, but for pods that have been gone for 5 min. */
export function commonBoundaries(counter: Layouts, nowMs: number): number[] {
  const canary = new Set(counter.boundaries('canary'));
  return counter
    .boundaries('stable')
    .filter((le) => canary.has(le) && presentLacking(counter, le, nowMs).length === 0);
}

/** Says where histograms differ; blocks when what is tested leaves out a pod, or nothing can be tested. */
export function layoutProblems(
  counter: Layouts,
  common: readonly number[],
  tested: readonly { readonly le: number }[],
  nowMs: number,
): DataProblem[] {
  const canary = counter.boundaries('canary');
  const stable = counter.boundaries('stable');
  if (canary.length === 0 || stable.length === 0) return [];
  const leftOut = tested.flatMap(({ le }) => presentLacking(counter, le, nowMs));
  if (leftOut.length > 0) {
    const pods = [...new Set(leftOut)].slice(0, 3).join(', ');
    const text = `the histograms of ${pods} lack boundaries that are tested: they are left out there`;
    return [{ kind: 'bucket-layout', text, blocks: true }];
  }
  if (common.length === canary.length && common.length === stable.length) return [];
  const text = `the histograms have different buckets: ${common.length} of the canary's ${canary.length} and stable's ${stable.length} boundaries are common to all pods`;
  return [{ kind: 'bucket-layout', text, blocks: common.length === 0 }];
}

function presentLacking(counter: Layouts, le: number, nowMs: number): string[] {
  const lacking = counter.lacking(le);
  if (lacking.size === 0) return [];
  const arms: readonly Arm[] = ['canary', 'stable'];
  const gone = new Set(arms.flatMap((arm) => counter.silent(arm, nowMs, silentMs).silent));
  return [...lacking].filter((pod) => !gone.has(pod));
}
