/** Runs a shipped bundle as the runner does: a process of its own, inputs and command files in its environment. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { parseCommandFile, parseCommands, type WorkflowCommand } from './command-files.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export type ActionName = 'canary-gate' | 'helm-deploy' | 'lint' | 'report' | 'rollback' | 'scan';

export interface BundleRun {
  readonly action: ActionName;
  /** Inputs under their names in action.yml; the defaults of action.yml fill the rest. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Added to PATH, HOME and the like; GITHUB_* variables of a push to main are there already. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly event?: { readonly name: string; readonly payload: unknown };
  /** State of an earlier main run: runs the `post` step. */
  readonly state?: Readonly<Record<string, string>>;
  /** Called with the process as soon as it runs, for tests that interrupt or kill it. */
  readonly onStart?: (child: ChildProcess) => void;
  readonly onLine?: (line: string) => void;
  /** The process is killed after this (default 5 min), and the result has code null. */
  readonly timeoutMs?: number;
}

export interface BundleResult {
  readonly code: number | null;
  readonly signal: string | null;
  /** Everything printed, without `::add-mask::` lines: what a secret must never be found in. */
  readonly log: string;
  readonly commands: readonly WorkflowCommand[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly errors: readonly string[];
}

export async function runBundle(run: BundleRun): Promise<BundleResult> {
  const temp = mkdtempSync(join(tmpdir(), 'gd-bundle-'));
  try {
    const files = {
      output: join(temp, 'output'),
      state: join(temp, 'state'),
      summary: join(temp, 'summary.md'),
    };
    for (const file of Object.values(files)) writeFileSync(file, '');
    const { code, signal, text } = await spawnBundle(run, temp, files);
    const commands = parseCommands(text);
    return {
      code,
      signal,
      log: text.replaceAll(/^::add-mask::.*\n/gm, ''),
      commands,
      outputs: parseCommandFile(readFileSync(files.output, 'utf8')),
      state: parseCommandFile(readFileSync(files.state, 'utf8')),
      summary: readFileSync(files.summary, 'utf8'),
      errors: commands.filter(({ name }) => name === 'error').map(({ message }) => message),
    };
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

function spawnBundle(
  run: BundleRun,
  temp: string,
  files: { output: string; state: string; summary: string },
): Promise<{ code: number | null; signal: string | null; text: string }> {
  const event = run.event ?? { name: 'push', payload: {} };
  writeFileSync(join(temp, 'event.json'), JSON.stringify(event.payload));
  const child = spawn(process.execPath, [join(root, 'actions', run.action, 'dist/index.js')], {
    cwd: run.cwd ?? temp,
    env: {
      ...pick(process.env, ['PATH', 'HOME', 'LANG', 'TMPDIR', 'XDG_CACHE_HOME']),
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'example/shop',
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REF_NAME: 'main',
      GITHUB_EVENT_NAME: event.name,
      GITHUB_EVENT_PATH: join(temp, 'event.json'),
      GITHUB_RUN_ID: '1001',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_JOB: 'test',
      GITHUB_ACTOR: 'octocat',
      GITHUB_WORKSPACE: run.cwd ?? temp,
      GITHUB_OUTPUT: files.output,
      GITHUB_STATE: files.state,
      GITHUB_STEP_SUMMARY: files.summary,
      RUNNER_TEMP: temp,
      RUNNER_TOOL_CACHE: join(temp, 'tool-cache'),
      ...prefixed('STATE_', run.state ?? {}),
      ...prefixed('INPUT_', { ...defaultInputs(run.action), ...run.inputs }),
      ...run.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  run.onStart?.(child);

  const chunks: string[] = [];
  let rest = '';
  const take = (data: Buffer): void => {
    chunks.push(data.toString());
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) run.onLine?.(line);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const timer = setTimeout(() => child.kill('SIGKILL'), run.timeoutMs ?? 300_000);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, text: chunks.join('') });
    });
  });
}

/** The defaults of action.yml, as the runner fills them in. Expressions have no value outside a workflow. */
function defaultInputs(action: ActionName): Record<string, string> {
  const file = parse(readFileSync(join(root, 'actions', action, 'action.yml'), 'utf8')) as {
    inputs?: Record<string, { default?: string | number | boolean }>;
  };
  const defaults: Record<string, string> = {};
  for (const [name, { default: value }] of Object.entries(file.inputs ?? {})) {
    if (value !== undefined && !String(value).includes('${{')) defaults[name] = String(value);
  }
  return defaults;
}

function prefixed(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      prefix + (prefix === 'INPUT_' ? name.replaceAll(' ', '_').toUpperCase() : name),
      value,
    ]),
  );
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
