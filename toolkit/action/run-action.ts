import * as core from '@actions/core';
import { systemClock, type Clock } from '../clock/clock.ts';
import { systemProcess, type ProcessPort } from '../process/process.ts';
import { cancellation } from './cancellation.ts';
import { describeError } from './describe-error.ts';
import { assertNever } from './errors.ts';
import { readGitHubContext, type GitHubContext } from './github-context.ts';
import { envInputReader, type InputReader } from './input-reader.ts';
import type { Log } from './log.ts';
import type { Outputs, StatePort, SummaryPort } from './outputs.ts';
import { runnerLog, runnerSummary } from './runner-ports.ts';
import { createSecrets, type Secrets } from './secrets.ts';

/** Everything an action may touch, put together once. */
export interface ActionPorts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly inputs: InputReader;
  readonly outputs: Outputs;
  readonly summary: SummaryPort;
  readonly state: StatePort;
  readonly log: Log;
  readonly process: ProcessPort;
  readonly clock: Clock;
  readonly github: GitHubContext;
  readonly signal: AbortSignal;
  readonly mask: (secret: string) => void;
}

/** A gate that fails is a result, not an exception. */
export type Conclusion =
  { readonly conclusion: 'success' } | { readonly conclusion: 'failure'; readonly message: string };

export interface Action {
  readonly main: (ports: ActionPorts) => Promise<Conclusion>;
  /** Runs after the job, also when it failed or was cancelled. */
  readonly post?: (ports: ActionPorts) => Promise<void>;
}

/** The one place where an action meets the runner: ports in, exit code out. */
export async function runAction(action: Action): Promise<void> {
  const isPost = core.getState('main-started') === 'true';
  const { signal, dispose } = cancellation();
  const secrets = createSecrets();
  try {
    const ports = runnerPorts(signal, secrets);
    if (isPost) await action.post?.(ports);
    else {
      core.saveState('main-started', 'true');
      conclude(await action.main(ports), secrets);
    }
  } catch (error) {
    const { title, message, debug } = describeError(error);
    core.error(secrets.hide(message), { title });
    core.debug(secrets.hide(debug));
    process.exitCode = 1;
  } finally {
    dispose();
  }
}

function conclude(result: Conclusion, secrets: Secrets): void {
  switch (result.conclusion) {
    case 'success':
      return;
    case 'failure':
      core.error(secrets.hide(result.message));
      process.exitCode = 1;
      return;
    default:
      assertNever(result);
  }
}

function runnerPorts(signal: AbortSignal, secrets: Secrets): ActionPorts {
  const env = process.env;
  const mask = (secret: string): void => {
    core.setSecret(secret);
    secrets.add(secret);
  };
  return {
    env,
    inputs: envInputReader(env, mask),
    outputs: {
      set: (name, value) => {
        core.setOutput(name, value);
      },
    },
    summary: runnerSummary(env, secrets.hide),
    state: {
      save: (name, value) => {
        core.saveState(name, value);
      },
      get: (name) => core.getState(name),
    },
    log: runnerLog(secrets.hide),
    process: systemProcess,
    clock: systemClock,
    github: readGitHubContext(env),
    signal,
    mask,
  };
}
