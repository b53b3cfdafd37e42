import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startWorkflow, type StartedWorkflow } from '../act/start-workflow.ts';
import type { WorkflowResult } from '../act/workflow-run.ts';
import type { GitHubStandIn } from '../github/github.ts';
import type { Rig } from '../rig.ts';
import type { Consumer } from './consumer.ts';

export const suite = { repository: 'gated-delivery/gated-delivery', ref: 'v1' } as const;

/** What a run of the consumer's workflow needs beside the commit. */
export interface Site {
  readonly rig: Rig;
  readonly github: GitHubStandIn;
  readonly consumer: Consumer;
  /** The suite with its references stamped, as `suite.repository@suite.ref` resolves to. */
  readonly suitePath: string;
  readonly act: string;
  /** Each run gets a folder of its own below it: log, summaries, artifacts. */
  readonly outDir: string;
  /** Folders that steps find first: Node.js, and the scanners of the machine. */
  readonly toolDirs: readonly string[];
  /** Of npm, kept from one demo to the next. */
  readonly npmCache: string;
  /** The reviewer of production says yes to a run. */
  readonly approve: (runId: number) => Promise<void>;
}

export interface Push {
  readonly name: string;
  readonly sha: string;
  readonly branch: string;
  readonly runId: number;
  /** A push runs the delivery workflow, a hand the deploy alone. */
  readonly by: 'push' | 'hand';
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Runs the consumer's workflow for `sha` on a branch as GitHub would. */
export async function startPush(site: Site, push: Push): Promise<StartedWorkflow> {
  const ref = `refs/heads/${push.branch}`;
  const repository = { full_name: 'example/shop', default_branch: 'main' };
  return startWorkflow({
    act: site.act,
    repoDir: site.consumer.dir,
    ...(push.by === 'push'
      ? { workflow: '.github/workflows/delivery.yml', event: 'push' }
      : { workflow: '.github/workflows/deploy.yml', event: 'workflow_dispatch' }),
    eventPayload: { ref, repository, ...(push.by === 'push' ? { after: push.sha } : { inputs: {} }) },
    ref,
    sha: push.sha,
    secrets: {
      GITHUB_TOKEN: site.github.token,
      KUBECONFIG: readFileSync(site.rig.kubeconfig, 'utf8'),
    },
    vars: { PROMETHEUS_URL: site.rig.prometheusUrl },
    env: runnerEnv(site),
    suite: { path: site.suitePath, ...suite },
    githubUrl: site.github.url,
    outDir: join(site.outDir, push.name),
    runId: push.runId,
    ...(push.onLine === undefined ? {} : { onLine: push.onLine }),
    ...(push.signal === undefined ? {} : { signal: push.signal }),
  });
}

/** A cancelled run has ended by itself by then, unless something hangs: its steps are killed after 10 s. */
const graceMs = 15_000;

/** The same to its end, or to its forced end. */
export async function push(site: Site, options: Push): Promise<WorkflowResult> {
  const started = await startPush(site, options);
  const { signal } = options;
  let timer: NodeJS.Timeout | undefined;
  const kill = (): void => {
    started.kill();
  };
  const killLater = (): void => {
    timer = setTimeout(kill, graceMs);
  };
  const tidy = (): void => {
    keepResults(join(site.outDir, options.name));
  };
  const atExit = (): void => {
    kill();
    tidy();
  };
  // At the latest when this process goes, whatever makes it go.
  process.once('exit', atExit);
  if (signal?.aborted === true) killLater();
  signal?.addEventListener('abort', killLater, { once: true });
  const result = await started.done;
  clearTimeout(timer);
  signal?.removeEventListener('abort', killLater);
  process.off('exit', atExit);
  tidy();
  return result;
}

/** Of a run's folder the log, the summaries and the artifacts stay, the secrets in no case. */
function keepResults(folder: string): void {
  const kept = new Set(['log.txt', 'summaries', 'artifacts']);
  for (const name of readdirSync(folder)) {
    if (!kept.has(name)) rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The machine a job runs on: the rig's tools and Node.js on PATH, no kubeconfig but the one of the secret. */
function runnerEnv(site: Site): Record<string, string> {
  const env = { ...site.rig.env };
  delete env.KUBECONFIG;
  const npm = { npm_config_cache: site.npmCache, npm_config_prefer_offline: 'true' };
  return { ...env, ...npm, PATH: [...site.toolDirs, env.PATH ?? ''].join(':') };
}
