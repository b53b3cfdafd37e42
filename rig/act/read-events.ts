import type { JobResult, Result, StepResult } from './workflow-run.ts';

/** The fields of act's JSON log lines that are read here. */
interface ActLine {
  readonly msg?: string;
  readonly job?: string;
  readonly jobID?: string;
  readonly jobResult?: Result;
  readonly matrix?: Readonly<Record<string, unknown>>;
  readonly step?: string;
  readonly stepID?: readonly string[];
  readonly stage?: StepResult['stage'];
  readonly stepResult?: Result;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly content?: string;
  readonly raw_output?: boolean;
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

export interface EventReader {
  /** Takes one line of act's output; returns the text for people, undefined when it says nothing to them. */
  push(line: string): string | undefined;
  /** Every job that began or was skipped, in order of appearance. */
  jobs(): JobResult[];
  summaries(): readonly { job: string; markdown: string }[];
}

/**
 * Folds act's JSON log into results of jobs and steps. Lines that are not JSON are act's own words. act masks a secret
 * as a whole and in messages only; here each of its lines is masked, as the runner does, and in names of steps too.
 */
export function eventReader(secrets: readonly string[] = []): EventReader {
  const masked = secrets
    .flatMap((secret) => [secret, ...secret.split(/\r?\n/)])
    .filter((text) => text.trim().length >= 3)
    .sort((a, b) => b.length - a.length);
  const mask = (text: string): string => masked.reduce((all, secret) => all.replaceAll(secret, '***'), text);
  interface Job extends Omit<Open<JobResult>, 'steps' | 'annotations' | 'result'> {
    result: Result | undefined;
    steps: Map<string, Omit<Open<StepResult>, 'outputs'> & { outputs: Record<string, string> }>;
    annotations: string[];
  }
  const jobs = new Map<string, Job>();
  const summaries: { job: string; markdown: string }[] = [];

  const jobOf = (line: ActLine): Job | undefined => {
    if (line.job === undefined || line.jobID === undefined) return undefined;
    const name = line.job.trim();
    const found = jobs.get(name);
    if (found) return found;
    const job: Job = {
      name,
      id: line.jobID,
      matrix: line.matrix ?? {},
      result: undefined,
      steps: new Map(),
      annotations: [],
    };
    jobs.set(name, job);
    return job;
  };

  const readStep = (job: Job, line: ActLine): void => {
    const id = line.stepID?.at(-1);
    if (id === undefined || line.stage === undefined || line.step === undefined) return;
    // Every action is looked at in the Pre stage; only those that have something to run there end with a result.
    if (line.stage === 'Pre' && line.stepResult === undefined) return;
    const key = `${line.stage} ${id}`;
    const step = job.steps.get(key) ?? {
      id,
      name: mask(line.step),
      stage: line.stage,
      result: 'cancelled',
      outputs: {},
    };
    job.steps.set(key, step);
    if (line.stepResult !== undefined) step.result = line.stepResult;
    if (line.command === 'set-output' && line.name !== undefined) step.outputs[line.name] = line.arg ?? '';
    if (line.command === 'summary') summaries.push({ job: job.name, markdown: line.content ?? '' });
    if (['warning', 'error', 'notice'].includes(line.command ?? '')) {
      job.annotations.push(
        mask(line.msg ?? '')
          .replace(/^[^:]*(?=::)/, '')
          .trim(),
      );
    }
  };

  return {
    push(text) {
      const line = parseLine(text);
      if (line === undefined) return text.trim() === '' ? undefined : mask(text);
      const job = jobOf(line);
      if (job === undefined) return mask(line.msg ?? '');
      if (line.jobResult !== undefined) job.result = line.jobResult;
      readStep(job, line);
      const body = mask((line.msg ?? '').replace(/\r?\n$/, ''));
      return `[${job.name}] ${line.raw_output === true ? '| ' : ''}${body}`;
    },
    jobs: () =>
      [...jobs.values()].map((job) => ({
        ...job,
        result: job.result ?? 'cancelled',
        steps: [...job.steps.values()],
      })),
    summaries: () => summaries,
  };
}

function parseLine(text: string): ActLine | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as ActLine;
  } catch {
    return undefined;
  }
}
