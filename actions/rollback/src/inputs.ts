import { UserError } from '../../../toolkit/action/errors.ts';
import type { InputReader } from '../../../toolkit/action/input-reader.ts';

export interface Inputs {
  readonly environments: string;
  readonly environment: string;
  readonly namespace: string;
  /** Run id, commit or ledger entry of the deploy to undo; empty: the newest one. */
  readonly deploy: string;
  /** Empty: every release of the last deploy. */
  readonly releases: readonly string[];
  /** undefined: the newest verified one. */
  readonly revision: number | undefined;
  readonly mode: 'helm' | 'workloads';
  readonly reason: string;
  /** undefined: true for a manual rollback of an environment with a gate. */
  readonly dryRun: boolean | undefined;
  readonly confirm: string;
  readonly allowUnverified: boolean;
  /** Releases whose stateful engines may go back. */
  readonly allowStateful: ReadonlySet<string>;
  readonly allowPodDelete: boolean;
  readonly migrationsCompatible: boolean;
  readonly pauseAutoSync: boolean;
  readonly kubeconfig: string;
  readonly kubeContext: string;
  readonly timeoutMs: number;
  readonly githubToken: string;
}

/** Reads and checks every input; throws E_CONFIG naming the input. */
export function readInputs(reader: InputReader): Inputs {
  const dryRun = reader.text('dry-run').toLowerCase();
  if (!['', 'true', 'false'].includes(dryRun)) {
    throw refused(`'dry-run' is '${dryRun}', expected true, false or nothing`);
  }
  const migrations = reader.text('migrations');
  if (migrations !== '' && migrations !== 'backward-compatible') {
    throw refused(`'migrations' is '${migrations}', expected backward-compatible or nothing`);
  }
  const inputs: Inputs = {
    environments: reader.text('environments'),
    environment: reader.text('environment'),
    namespace: reader.text('namespace'),
    deploy: reader.text('deploy'),
    releases: reader.list('release'),
    revision: readRevision(reader.text('revision')),
    mode: reader.choice('mode', ['helm', 'workloads']),
    reason: reader.text('reason'),
    dryRun: dryRun === '' ? undefined : dryRun === 'true',
    confirm: reader.text('confirm'),
    allowUnverified: reader.boolean('allow-unverified'),
    allowStateful: new Set(reader.list('allow-stateful')),
    allowPodDelete: reader.boolean('allow-pod-delete'),
    migrationsCompatible: migrations !== '',
    pauseAutoSync: reader.boolean('pause-auto-sync'),
    kubeconfig: reader.text('kubeconfig'),
    kubeContext: reader.text('kube-context'),
    timeoutMs: reader.duration('timeout') ?? 300_000,
    githubToken: reader.secret('github-token'),
  };
  reader.refuseUnknown();
  refuseContradictions(inputs);
  return inputs;
}

function refuseContradictions({
  environments,
  environment,
  namespace,
  releases,
  revision,
  timeoutMs,
}: Inputs): void {
  if (environments === '' && namespace === '') {
    throw refused("give 'environments' and 'environment', or 'namespace'");
  }
  if (revision !== undefined && releases.length !== 1) {
    throw refused("'revision' counts per release: name exactly one in 'release'");
  }
  if (environments === '' && environment.includes('{')) {
    throw refused(`'environment' is '${environment}', not the name of an environment`);
  }
  if (timeoutMs <= 0) throw refused("'timeout' must be longer than nothing");
}

/** Explicit and at least 1: for Helm 0 means "the one before", which is never meant here. */
function readRevision(text: string): number | undefined {
  if (text === '') return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw refused(`'revision' is '${text}', expected a number from 1`);
  return Number(text);
}

function refused(problem: string): UserError {
  return new UserError('E_CONFIG', problem, "correct the inputs under 'with:' of the step");
}
