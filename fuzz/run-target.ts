import fc from 'fast-check';
import { ApiError, ToolError, UserError } from '../toolkit/action/errors.ts';
import { SelectorError } from '../toolkit/prometheus/matchers.ts';
import { QueryFailure } from '../toolkit/prometheus/prometheus.ts';
import { RouterError } from '../toolkit/traffic/router-reference.ts';
import { mutatedJson } from './mutated-json.ts';
import { mutated } from './mutation.ts';
import type { Target } from './target.ts';

export interface Outcome {
  readonly name: string;
  readonly cases: number;
  readonly accepted: number;
  readonly refused: number;
  /** Longest time that one text took, in milliseconds. */
  readonly slowestMs: number;
  /** The smallest text found that makes it fail, and how it fails. */
  readonly crash: { readonly input: string; readonly error: string } | undefined;
}

/** A text that takes longer than this could stop a runner: as bad as a crash. */
const longestMs = 2_000;

/** Reads `cases` mutated texts; the same seed gives the same texts. */
export function runTarget({ name, corpus, form, read }: Target, cases: number, seed: number): Outcome {
  for (const valid of corpus) read(valid);
  const count = { accepted: 0, refused: 0, slowestMs: 0 };
  const property = fc.property(form === 'json' ? mutatedJson(corpus) : mutated(corpus), (text) => {
    const started = performance.now();
    try {
      read(text);
      count.accepted += 1;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      count.refused += 1;
    }
    const ms = performance.now() - started;
    count.slowestMs = Math.max(count.slowestMs, ms);
    if (ms > longestMs) throw new Error(`took ${Math.round(ms)} ms`);
  });
  const run = fc.check(property, { numRuns: cases, seed });
  const crash = run.failed
    ? { input: run.counterexample?.[0] ?? '', error: String(run.errorInstance) }
    : undefined;
  return { name, cases: run.numRuns, ...count, crash };
}

/** What readers may throw: errors with a code, and the three that callers turn into one. */
const refusals = [UserError, ToolError, ApiError, QueryFailure, SelectorError, RouterError];

function isRefusal(error: unknown): boolean {
  return refusals.some((known) => error instanceof known);
}
