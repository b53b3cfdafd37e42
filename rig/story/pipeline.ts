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
}

export interface Push {
  readonly name: string;
  readonly sha: string;
  readonly branch: string;
  readonly runId: number;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** A push of `sha` to a branch: runs the consumer's delivery workflow as GitHub would. */
export async function startPush(site: Site, push: Push): Promise<StartedWorkflow> {
  const ref = `refs/heads/${push.branch}`;
  return startWorkflow({
    act: site.act,
    repoDir: site.consumer.dir,
    workflow: '.github/workflows/delivery.yml',
    event: 'push',
    eventPayload: { ref, after: push.sha, repository: { full_name: 'example/shop', default_branch: 'main' } },
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

/** The same to its end, or to its forced end; of its folder the log, the summaries and the artifacts stay. */
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
  // At the latest when this process goes, whatever makes it go.
  process.once('exit', kill);
  if (signal?.aborted === true) killLater();
  signal?.addEventListener('abort', killLater, { once: true });
  const result = await started.done;
  clearTimeout(timer);
  signal?.removeEventListener('abort', killLater);
  process.off('exit', kill);
  const folder = join(site.outDir, options.name);
  const kept = new Set(['log.txt', 'summaries', 'artifacts']);
  for (const name of readdirSync(folder)) {
    if (!kept.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
  return result;
}

/** The machine a job runs on: the rig's tools and Node.js on PATH, no kubeconfig but the one of the secret. */
function runnerEnv(site: Site): Record<string, string> {
  const env = { ...site.rig.env };
  delete env.KUBECONFIG;
  return { ...env, PATH: [...site.toolDirs, env.PATH ?? ''].join(':') };
}
