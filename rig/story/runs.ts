import type { WorkflowResult } from '../act/workflow-run.ts';
import { push, type Site } from './pipeline.ts';
import type { Timeline } from './timeline.ts';

/** A run under way; before its deploy it waits for the reviewer of production. */
export interface Run {
  /** The reviewer says yes. */
  approve(): Promise<void>;
  /** The gate has looked for the first time. Never, where none does. */
  readonly watched: Promise<void>;
  /** Rejects when the story is ended before. */
  readonly done: Promise<WorkflowResult>;
}

export interface Runs {
  /** A push of the commit to `main`, or its deploy by hand. */
  start(name: string, sha: string, by?: 'push' | 'hand'): Run;
  /** Cancels what still runs, and waits for it. */
  end(): Promise<void>;
}

export function startRuns(site: Site, timeline: Timeline, signal: AbortSignal): Runs {
  const ending = new AbortController();
  const both = AbortSignal.any([signal, ending.signal]);
  const all: Promise<unknown>[] = [];
  let runId = 1000;
  return {
    start: (name, sha, by = 'push') => {
      runId += 1;
      const id = runId;
      let looked = (): void => undefined;
      const watched = new Promise<void>((resolve) => {
        looked = resolve;
      });
      const tell = narrate(name, timeline);
      const run = async (): Promise<WorkflowResult> => {
        const onLine = (line: string): void => {
          if (tell(line) === 'look') looked();
        };
        const result = await push(site, { name, sha, by, branch: 'main', runId: id, onLine, signal: both });
        both.throwIfAborted();
        const jobs = result.jobs.map((job) => `${job.id} ${job.result}`).join(', ');
        timeline.say(`run ${id} of ${name}: ${jobs}`);
        return result;
      };
      const done = run();
      // Whoever waits for it is told; until then a failure waits.
      all.push(done.catch(() => undefined));
      return { approve: () => site.approve(id), watched, done };
    },
    end: async () => {
      ending.abort();
      await Promise.all(all);
    },
  };
}

/** The lines of a run that tell the story: results of steps and jobs, and what the gate says at each look. */
function narrate(run: string, timeline: Timeline): (line: string) => 'look' | undefined {
  return (line) => {
    const match = /^\[(.+?)\] (\| )?(.*)$/.exec(line);
    if (match === null) return undefined;
    const [, where = '', output, text = ''] = match;
    const name = `${run} · ${where.split('/').at(-1) ?? where}`;
    const isLook = output !== undefined && /^look \d+/.test(text);
    const isResult = /^(✅|❌|🏁)/u.test(text) && !/ - (Pre|Post|Complete) /.test(text);
    if (isLook || isResult || text.includes('::error')) timeline.say(`${name}: ${text}`);
    return isLook ? 'look' : undefined;
  };
}

export function job(run: WorkflowResult, id: string): string | undefined {
  return run.jobs.find((candidate) => candidate.id === id)?.result;
}

export function output(run: WorkflowResult, step: string, name: string): string | undefined {
  return run.jobs.flatMap(({ steps }) => steps).find(({ id, stage }) => id === step && stage === 'Main')
    ?.outputs[name];
}

/** Failed jobs with their first failed step and what they printed; '' for none. */
export function failures(run: WorkflowResult): string {
  const failed = run.jobs.filter(({ result }) => result === 'failure');
  return failed
    .map(({ id, annotations, steps }) => {
      const step = steps.find(({ result }) => result === 'failure');
      return `${id}, step ${step?.name ?? '?'}: ${annotations.join(' ')}`;
    })
    .join('; ');
}
