import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { actArguments } from './act-arguments.ts';
import { prepareOrigin } from './origin.ts';
import { killTree } from './process-tree.ts';
import { eventReader } from './read-events.ts';
import { standInArguments } from './stand-ins.ts';
import type { WorkflowResult, WorkflowRun } from './workflow-run.ts';

export interface StartedWorkflow {
  /** act's process id; its steps are its descendants. */
  readonly pid: number;
  readonly done: Promise<WorkflowResult>;
  /** As the cancel button: steps get SIGINT, SIGTERM 7.5 s later, and are killed 2.5 s after that. */
  cancel(): void;
  /** As a machine that dies: act and every process of its steps get SIGKILL. */
  kill(): void;
}

/** Starts a workflow with act in host mode, offline. Rejects when the repository or the binary is not usable. */
export async function startWorkflow(run: WorkflowRun): Promise<StartedWorkflow> {
  const { outDir } = run;
  const artifacts = join(outDir, 'artifacts');
  await rm(outDir, { recursive: true, force: true });
  await mkdir(artifacts, { recursive: true });
  if (run.artifacts !== undefined) await cp(run.artifacts, artifacts, { recursive: true });
  const origin = await prepareOrigin({ repoDir: run.repoDir, ref: run.ref, sha: run.sha, outDir });
  const folders = [origin.workTree, ...(run.suite ? [run.suite.path] : [])];
  const standIns = await standInArguments(folders.map((folder) => join(folder, '.github', 'workflows')));
  const { args, files } = actArguments(run, { sha: origin.sha, workTree: origin.workTree });
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(outDir, name), JSON.stringify(content), { mode: 0o600, flag: 'wx' });
  }

  const child = spawn(run.act ?? 'act', [...args, ...standIns], {
    cwd: outDir,
    // Steps inherit this environment, as on a self-hosted runner.
    env: { ...run.env, RIG_ORIGIN: origin.bare, RIG_ARTIFACTS: artifacts },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid ?? 0;

  const events = eventReader(Object.values(run.secrets ?? {}));
  const lines: string[] = [];
  const logFile = createWriteStream(join(outDir, 'log.txt'));
  const read = (text: string): void => {
    const line = events.push(text);
    if (line === undefined) return;
    lines.push(line);
    logFile.write(`${line}\n`);
    run.onLine?.(line);
  };
  createInterface({ input: child.stdout }).on('line', read);
  createInterface({ input: child.stderr }).on('line', read);

  const cancel = (): void => {
    child.kill('SIGINT');
  };
  if (run.signal?.aborted === true) cancel();
  run.signal?.addEventListener('abort', cancel, { once: true });

  const done = new Promise<WorkflowResult>((resolve, reject) => {
    child.once('close', (code) => {
      run.signal?.removeEventListener('abort', cancel);
      const finish = async (): Promise<WorkflowResult> => {
        await rm(join(outDir, 'secrets.yml'), { force: true });
        await new Promise((closed) => logFile.end(closed));
        const summaries = await writeSummaries(outDir, events.summaries());
        return { code: code ?? 1, jobs: events.jobs(), log: lines.join('\n'), summaries, artifacts };
      };
      finish().then(resolve, reject);
    });
  });
  return {
    pid,
    done,
    cancel,
    kill: () => {
      killTree(pid);
    },
  };
}

/** Runs a workflow to its end. */
export async function runWorkflow(run: WorkflowRun): Promise<WorkflowResult> {
  return (await startWorkflow(run)).done;
}

async function writeSummaries(
  outDir: string,
  summaries: readonly { job: string; markdown: string }[],
): Promise<string[]> {
  const folder = join(outDir, 'summaries');
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const [index, { job, markdown }] of summaries.entries()) {
    const name = job.replaceAll(/[^\w.-]+/g, '-');
    const path = join(folder, `${String(index + 1).padStart(2, '0')}-${name}.md`);
    await writeFile(path, markdown);
    paths.push(path);
  }
  return paths;
}
