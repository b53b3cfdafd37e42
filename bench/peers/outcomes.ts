/** What the controllers' objects say about a release, read without touching anything. */

export interface Outcome {
  readonly verdict: 'stopped' | 'promoted' | 'inconclusive';
  /** When, in Unix milliseconds. */
  readonly atMs: number;
  readonly reason: string;
}

/** The parts of a Rollout, an AnalysisRun, a Canary or a Deployment that are read here. */
export interface Status {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly abortedAt?: string;
    readonly completedAt?: string;
    readonly lastTransitionTime?: string;
    readonly stableRS?: string;
    readonly currentPodHash?: string;
    readonly readyReplicas?: number;
    readonly conditions?: readonly { readonly type: string; readonly message?: string }[];
  };
}

const time = (text: string | undefined, nowMs: number): number =>
  text === undefined ? nowMs : Date.parse(text);

/** A Rollout: aborted, or its new pods (hash other than `formerHash`) have become the stable ones. */
export function rolloutOutcome(
  { status = {} }: Status,
  formerHash: string,
  nowMs: number,
): Outcome | undefined {
  if (status.abortedAt !== undefined)
    return { verdict: 'stopped', atMs: time(status.abortedAt, nowMs), reason: status.message ?? '' };
  const { stableRS } = status;
  if (status.phase === 'Healthy' && stableRS === status.currentPodHash && stableRS !== formerHash)
    return { verdict: 'promoted', atMs: nowMs, reason: '' };
  return undefined;
}

/** An AnalysisRun: Failed and Error both stop a rollout. */
export function analysisOutcome({ status = {} }: Status, nowMs: number): Outcome | undefined {
  const atMs = time(status.completedAt, nowMs);
  const reason = status.message ?? '';
  switch (status.phase) {
    case 'Failed':
    case 'Error':
      return { verdict: 'stopped', atMs, reason };
    case 'Successful':
      return { verdict: 'promoted', atMs, reason };
    case 'Inconclusive':
      return { verdict: 'inconclusive', atMs, reason };
    case undefined:
    default:
      return undefined;
  }
}

/** A Flagger Canary: Failed is rolled back; from Promoting on the new version goes to everybody. */
export function canaryOutcome({ status = {} }: Status, nowMs: number): Outcome | undefined {
  const reason = status.conditions?.find(({ type }) => type === 'Promoted')?.message ?? '';
  switch (status.phase) {
    case 'Failed':
      return { verdict: 'stopped', atMs: time(status.lastTransitionTime, nowMs), reason };
    case 'Promoting':
    case 'Finalising':
    case 'Succeeded':
      return { verdict: 'promoted', atMs: nowMs, reason };
    case undefined:
    default:
      return undefined;
  }
}
