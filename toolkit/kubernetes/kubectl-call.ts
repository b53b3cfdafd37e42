import { ToolError, UserError } from '../action/errors.ts';
import type { Clock } from '../clock/clock.ts';
import type { ProcessPort } from '../process/process.ts';
import { isTransient, kubectlError } from './kubectl-error.ts';

export interface KubectlOptions {
  readonly process: ProcessPort;
  readonly clock: Clock;
  /** The child's environment with KUBECONFIG set: `childEnv(env, 'cluster', …)`. */
  readonly env: Readonly<Record<string, string>>;
  /** '' is the current one. */
  readonly context: string;
  readonly signal?: AbortSignal;
  /** How long a call is repeated while the server does not answer, in ms. Default 60,000; asked anew each time. */
  readonly patienceMs?: () => number;
}

export interface CallOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
  /** A write that cannot be repeated blindly is tried once, except when the server certainly did not see it. */
  readonly repeatable: boolean;
}

export type KubectlCall = (args: readonly string[], options: CallOptions) => Promise<string>;

/** Runs kubectl and resolves with its stdout; failures are ApiErrors, and transient ones are tried again with back-off. */
export function kubectlCall(options: KubectlOptions): KubectlCall {
  const { process, clock, env, context, signal } = options;
  let reachedBefore = false;

  const once = async (args: readonly string[], call: CallOptions): Promise<string> => {
    const all = [...(context === '' ? [] : ['--context', context]), ...args];
    const result = await process
      .run(['kubectl', ...all], {
        env,
        timeoutMs: call.timeoutMs ?? 45_000,
        graceMs: 1_000,
        ...(call.input === undefined ? {} : { input: call.input }),
        ...(signal === undefined ? {} : { signal }),
      })
      .catch((error: unknown) => {
        throw new ToolError(
          'E_TOOL',
          'kubectl cannot be started',
          { argv: ['kubectl'], exitCode: null, stderrTail: 'install kubectl and put it on PATH' },
          { cause: error },
        );
      });
    const verb = args.slice(0, 2).join(' ');
    if (result.ended === 'cancelled') throw abortReason(signal);
    if (result.ended === 'timeout') throw kubectlError(`i/o timeout\n${result.stderr}`, verb);
    if (result.code !== 0) throw kubectlError(result.stderr, verb);
    return result.stdout;
  };

  return async (args, call) => {
    // Before anything worked a silent server is most likely a wrong address: say so soon.
    const patience = reachedBefore ? (options.patienceMs?.() ?? 60_000) : 4_000;
    const deadline = clock.now() + patience;
    for (let wait = 500; ; wait = Math.min(wait * 2, 5_000)) {
      try {
        const stdout = await once(args, call);
        reachedBefore = true;
        return stdout;
      } catch (error) {
        const refusedEarly = error instanceof Error && /refused|TooManyRequests/.test(error.message);
        const again = isTransient(error) && (call.repeatable || refusedEarly);
        if (!again || clock.now() + wait > deadline) throw error;
        await clock.sleep(wait, signal);
      }
    }
  };
}

function abortReason(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error
    ? signal.reason
    : new UserError('E_CANCELLED', 'cancelled', 'run the job again: it continues safely');
}
