import type { Argv, ProcessPort, RunOptions, RunResult } from './process.ts';

export interface FakeCall {
  readonly argv: Argv;
  readonly options: RunOptions;
}

/** Answers each call with `answer(argv)`; what it leaves out is a clean, silent exit. Records every call. */
export function fakeProcess(
  answer: (argv: Argv, options: RunOptions) => Partial<RunResult> | Error,
): ProcessPort & { calls: FakeCall[] } {
  const calls: FakeCall[] = [];
  return {
    calls,
    run: async (argv, options) => {
      calls.push({ argv, options });
      const result = answer(argv, options);
      if (result instanceof Error) throw result;
      return { code: 0, signal: null, stdout: '', stderr: '', ended: 'by-itself', durationMs: 1, ...result };
    },
  };
}
