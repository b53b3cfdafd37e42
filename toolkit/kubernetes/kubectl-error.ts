import { ApiError, type ErrorCode } from '../action/errors.ts';
import { refusalCode } from './refusal-code.ts';

/** The status in the API server's reason, as kubectl prints it in parentheses. */
const statusOfReason: Readonly<Record<string, number>> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  AlreadyExists: 409,
  Conflict: 409,
  Gone: 410,
  Expired: 410,
  RequestEntityTooLarge: 413,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
};

const unreachable =
  /Unable to connect to the server|The connection to the server .* was refused|no such host|i\/o timeout|connection reset|connection refused|TLS handshake timeout|context deadline exceeded|request canceled|Client\.Timeout|unexpected EOF|: EOF|http2: |net\/http: |server closed|broken pipe/i;

/** Where kubectl looks when the kubeconfig is not there is localhost:8080. */
const unusableConfig =
  /context ".*" does not exist|error loading config file|invalid configuration|no configuration has been provided|cluster ".*" does not exist|unable to read client-|tls: failed to find any PEM|exec plugin|executable .* not found|getting credentials|illegal base64|Missing or incomplete configuration|server localhost:8080 was refused/i;

/** What kubectl printed, as an ApiError. `verb` begins the message: `get secrets`, `apply`. */
export function kubectlError(stderr: string, verb: string): ApiError {
  const text = oneLine(stderr);
  const status = statusOf(stderr);
  return new ApiError(codeOf(status, stderr), `kubectl ${verb}: ${text}`, { status });
}

/** True when the same request may work a moment later. */
export function isTransient(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

export function isStatus(error: unknown, status: number): error is ApiError {
  return error instanceof ApiError && error.status === status;
}

function statusOf(stderr: string): number {
  const reason = /\((\w+)\):|\((Unauthorized)\)/.exec(stderr);
  const known = statusOfReason[reason?.[1] ?? reason?.[2] ?? ''];
  if (known !== undefined) return known;
  if (/Apply failed with \d+ conflict|the object has been modified/.test(stderr)) return 409;
  if (/You must be logged in|Unauthorized/.test(stderr)) return 401;
  if (stderr.includes(' is invalid: ')) return 422;
  if (
    /the server could not find the requested resource|doesn't have a resource type|no matches for kind/.test(
      stderr,
    )
  )
    return 404;
  if (unusableConfig.test(stderr)) return 401;
  if (unreachable.test(stderr)) return 0;
  if (/the server is currently unable|unable to handle the request|etcdserver|leader changed/.test(stderr))
    return 503;
  return 400;
}

function codeOf(status: number, stderr: string): ErrorCode {
  const refusal = refusalCode(stderr);
  if (refusal !== undefined) return refusal;
  if (stderr.includes('no matches for kind')) return 'E_CRD';
  switch (status) {
    case 401:
      return 'E_AUTH';
    case 403:
      return 'E_RBAC';
    case 409:
      return 'E_CONFLICT';
    case 422:
      return /immutable|may not change|Forbidden: updates to/.test(stderr) ? 'E_IMMUTABLE' : 'E_CONFIG';
    case 0:
    case 429:
    case 500:
    case 503:
    case 504:
      return 'E_TIMEOUT';
    default:
      return 'E_CONFIG';
  }
}

function oneLine(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('Warning:') && !/^[EIW]\d{4} /.test(line));
  return lines.slice(-6).join(' ').slice(0, 1200) || stderr.trim().slice(-600);
}
