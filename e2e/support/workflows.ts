/** A small consumer's repository whose workflows run with act, against the rig's cluster and a GitHub of its own. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nameInheritedSecrets } from '../../rig/act/inherited-secrets.ts';
import { rejectingSuite } from '../../rig/act/reviewed-suite.ts';
import { startWorkflow, type StartedWorkflow } from '../../rig/act/start-workflow.ts';
import type { WorkflowResult, WorkflowRun } from '../../rig/act/workflow-run.ts';
import { startGitHub, type GitHubStandIn } from '../../rig/github/github.ts';
import type { RepositoryState } from '../../rig/github/state.ts';
import { installTools } from '../../rig/install/install.ts';
import { writeSuite } from '../../scripts/release/write-suite.ts';
import { makeConsumer, type Consumer } from './consumer.ts';
import { kubectl, rig } from './rig.ts';
import { root } from './run-bundle.ts';

export interface WorkflowSite {
  readonly consumer: Consumer;
  readonly github: GitHubStandIn;
  readonly repository: RepositoryState;
  /** Names of this site's namespaces begin with it. */
  readonly prefix: string;
  /** A suite in which the reviewers of these environments say no, as `suite` of a run. */
  readonly rejecting: (...environments: string[]) => Promise<NonNullable<WorkflowRun['suite']>>;
  /** Runs one workflow of the consumer at HEAD of a branch that is pushed first. */
  readonly run: (
    name: string,
    run: Pick<WorkflowRun, 'workflow' | 'event' | 'ref'> & Partial<WorkflowRun>,
  ) => Promise<WorkflowResult>;
  /** The same, for who wants to cancel or kill it. */
  readonly start: (
    name: string,
    run: Pick<WorkflowRun, 'workflow' | 'event' | 'ref'> & Partial<WorkflowRun>,
  ) => Promise<StartedWorkflow>;
  readonly stop: () => Promise<void>;
}

const suite = { repository: 'gated-delivery/gated-delivery', ref: 'v1' };
let runId = 5000;

export async function startWorkflowSite(
  files: (prefix: string) => Readonly<Record<string, string>>,
): Promise<WorkflowSite> {
  const prefix = `wf-${randomUUID().slice(0, 8)}`;
  const tools = await installTools(['act', 'trivy', 'actionlint'], {
    log: (line) => process.stderr.write(`${line}\n`),
  });
  const folder = mkdtempSync(join(tmpdir(), 'gd-workflows-'));
  const suitePath = join(folder, 'suite');
  await writeSuite(root, suitePath, suite);
  await nameInheritedSecrets(suitePath);
  const consumer = makeConsumer();
  consumer.commit(files(prefix), 'first');
  const github = await startGitHub({ repositories: { 'example/shop': { git: consumer.dir } } });
  const { KUBECONFIG: _, ...machine } = rig().env;
  const env = {
    ...machine,
    PATH: [dirname(process.execPath), tools.get('trivy'), tools.get('actionlint'), machine.PATH].join(':'),
  };
  const start: WorkflowSite['start'] = (name, run) => {
    runId += 1;
    return startWorkflow({
      act: join(tools.get('act') ?? '', 'act'),
      repoDir: consumer.dir,
      secrets: { GITHUB_TOKEN: github.token, KUBECONFIG: readFileSync(rig().kubeconfig, 'utf8') },
      env,
      suite: { path: suitePath, ...suite },
      githubUrl: github.url,
      outDir: join(folder, name),
      runId,
      ...run,
    });
  };
  return {
    consumer,
    github,
    prefix,
    repository: github.state.repository('example/shop'),
    start,
    rejecting: async (...environments) => ({
      ...suite,
      path: await rejectingSuite(
        suitePath,
        join(folder, `rejecting-${environments.join('-')}`),
        environments,
      ),
    }),
    run: async (name, run) => (await start(name, run)).done,
    stop: async () => {
      await github.stop();
      consumer.remove();
      rmSync(folder, { recursive: true, force: true });
      const all = await kubectl('get', 'namespaces', '-o', 'name');
      const ours = all.split('\n').filter((name) => name.startsWith(`namespace/${prefix}`));
      if (ours.length > 0) await kubectl('delete', ...ours, '--wait=false', '--ignore-not-found');
    },
  };
}

/** Job id → how it ended. Of jobs with one id the worst counts. */
export function results(run: WorkflowResult): Record<string, string> {
  const worst = ['skipped', 'success', 'cancelled', 'failure'];
  const all: Record<string, string> = {};
  for (const { id, result } of run.jobs) {
    const before = all[id];
    all[id] = before === undefined || worst.indexOf(result) > worst.indexOf(before) ? result : before;
  }
  return all;
}

/** An output of a step, by the step's id. */
export function output(run: WorkflowResult, step: string, name: string): string | undefined {
  return run.jobs.flatMap(({ steps }) => steps).find(({ id, stage }) => id === step && stage === 'Main')
    ?.outputs[name];
}

/** The job summaries, one below the other. */
export function summaryText(run: WorkflowResult): string {
  return run.summaries.map((path) => readFileSync(path, 'utf8')).join('\n');
}

/** What a reader needs when a run ended otherwise than expected. */
export function explain(run: WorkflowResult): string {
  return run.log
    .split('\n')
    .filter((line) => /::error|❌|Error:/u.test(line))
    .join('\n');
}
