import { ToolError, type ErrorCode } from '../action/errors.ts';
import { refusalCode } from '../kubernetes/refusal-code.ts';
import type { Argv, RunResult } from '../process/process.ts';

/** Text of helm, helmfile or the server in it → code; the first that matches. */
const patterns: readonly (readonly [RegExp, ErrorCode])[] = [
  [/another operation \(install\/upgrade\/rollback\) is in progress/, 'E_RELEASE_BUSY'],
  [
    /data: Too long: (may not be more than|must have at most) 1048576|Request entity too large/i,
    'E_RELEASE_TOO_BIG',
  ],
  [/invalid ownership metadata|exists and cannot be imported into the current release/, 'E_OWNERSHIP'],
  [/no matches for kind|resource mapping not found|ensure CRDs are installed first/, 'E_CRD'],
  [/conflict with "|Apply failed with \d+ conflict|conflicts? with /i, 'E_CONFLICT'],
  [
    /field is immutable|updates to statefulset spec for fields other than|Forbidden: updates to/,
    'E_IMMUTABLE',
  ],
  [
    /(pre|post)-(install|upgrade|rollback|delete) hooks? failed|failed (pre|post)-(install|upgrade|rollback|delete)/,
    'E_HOOK',
  ],
  [/Unauthorized|You must be logged in|getting credentials/, 'E_AUTH'],
  [/is forbidden: User|cannot (create|get|list|patch|update|delete) resource/, 'E_RBAC'],
  [
    /template: |execution error at|error converting YAML|YAML parse error|values don't meet the specifications|parse error at|Chart\.yaml file is missing|failed to render|no template|error calling|is not a valid chart|unable to build kubernetes objects|can't evaluate|function ".*" not defined|failed to download|chart .* not found|path .* not found|no such file/,
    'E_RENDER',
  ],
  [
    /timed out waiting|context deadline exceeded|resource .* not ready|rate limiter|connection refused|i\/o timeout|Kubernetes cluster unreachable|the server is currently unable/,
    'E_TIMEOUT',
  ],
];

export function helmErrorCode(stderr: string, otherwise: ErrorCode = 'E_TOOL'): ErrorCode {
  return refusalCode(stderr) ?? patterns.find(([pattern]) => pattern.test(stderr))?.[1] ?? otherwise;
}

/** A failed run of helm or helmfile; `otherwise` is the code when its text tells nothing. Values given by `--set` stay out of the text. */
export function helmError(
  argv: Argv,
  result: RunResult,
  what: string,
  otherwise: ErrorCode = 'E_TOOL',
): ToolError {
  const output = `${result.stderr}\n${result.stderr.includes('Error') ? '' : result.stdout}`;
  const code = result.ended === 'timeout' ? 'E_TIMEOUT' : helmErrorCode(output, otherwise);
  const manager = /conflict with "([^"]+)"[^:]*: ?([^\n]*)/.exec(output);
  const detail =
    manager === null ? '' : `: field manager ${manager[1] ?? ''} owns ${manager[2] ?? ''}`.trimEnd();
  return new ToolError(code, `${what} failed${detail}`, {
    argv: redactArgv(argv),
    exitCode: result.code,
    stderrTail: tail(result.stderr),
  });
}

/** `--set a=secret` → `--set a=***`. */
export function redactArgv(argv: readonly string[]): string[] {
  return argv.map((item, index) => {
    const flag = argv[index - 1] ?? '';
    return /^--set(-string|-json|-literal)?$/.test(flag) ? item.replace(/=.*$/s, '=***') : item;
  });
}

function tail(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '' && !/^(WARNING|level=WARN|I\d{4} )/.test(line));
  return lines.slice(-12).join('\n').slice(-3000);
}
