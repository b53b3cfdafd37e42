import { ApiError, ToolError, UserError, errorCodes } from './errors.ts';

export interface ErrorText {
  readonly title: string;
  /** One line of cause and one next step. */
  readonly message: string;
  /** For `ACTIONS_STEP_DEBUG`: the stack and the chain of causes. */
  readonly debug: string;
}

/** Maps any thrown value to what the user reads. Unknown errors are bugs and say so. */
export function describeError(error: unknown): ErrorText {
  const debug =
    error instanceof Error ? `${error.stack ?? error.message}\ncause: ${String(error.cause)}` : String(error);
  if (error instanceof UserError) {
    return { title: error.code, message: `${error.code}: ${error.message}\nNext: ${error.hint}`, debug };
  }
  if (error instanceof ToolError) {
    const tail = error.stderrTail === '' ? '' : `\n${error.stderrTail}`;
    const exit = error.exitCode === null ? 'ended by a signal' : `exit code ${error.exitCode}`;
    const message = `${error.code}: ${error.message} (${error.argv[0] ?? 'tool'}: ${exit})${tail}\nNext: ${errorCodes[error.code]}`;
    return { title: error.code, message, debug: `${error.argv.join(' ')}\n${debug}` };
  }
  if (error instanceof ApiError) {
    const request = error.requestId === undefined ? '' : `, request ${error.requestId}`;
    const status = error.status === 0 ? 'no answer' : `status ${error.status}`;
    return {
      title: error.code,
      message: `${error.code}: ${error.message} (${status}${request})\nNext: ${errorCodes[error.code]}`,
      debug,
    };
  }
  const text = error instanceof Error ? error.message : String(error);
  return { title: 'E_BUG', message: `E_BUG: ${text}\nNext: ${errorCodes.E_BUG}`, debug };
}
