import { UserError } from '../../../toolkit/action/errors.ts';
import type { GitHubContext } from '../../../toolkit/action/github-context.ts';
import type { EnvironmentEntry } from '../../../toolkit/environments/entry.ts';
import { isForbiddenNamespace } from '../../../toolkit/environments/forbidden-namespace.ts';
import { resolveEnvironment } from '../../../toolkit/environments/resolve-environment.ts';
import { isLabel } from '../../../toolkit/environments/slug.ts';
import type { Inputs } from './inputs.ts';

/** Where the rollback happens, and who started it. */
export interface Place {
  readonly environment: string;
  readonly namespace: string;
  /** Started by a person: `workflow_dispatch`. Everything else follows from a deploy of the same run. */
  readonly isManual: boolean;
  readonly isDryRun: boolean;
}

type PlaceInputs = Pick<Inputs, 'environment' | 'namespace' | 'dryRun' | 'confirm'>;

/**
 * The environment by name, or else by the branch of the event. Throws E_CONFIG when names contradict each other or
 * `confirm` is not the environment's name.
 */
export function locate(
  inputs: PlaceInputs,
  entries: readonly EnvironmentEntry[] | undefined,
  github: GitHubContext,
): Place {
  const isManual = github.eventName === 'workflow_dispatch';
  const { environment, namespace, isGated } =
    entries === undefined ? named(inputs) : mapped(inputs, entries, github);
  const isDryRun = inputs.dryRun ?? (isManual && isGated);
  const confirmed = inputs.confirm === environment;
  if (inputs.confirm !== '' && !confirmed) {
    throw refused(`'confirm' is '${inputs.confirm}', and the environment is ${environment}`);
  }
  if (isManual && !isDryRun && !confirmed) {
    throw refused(`a manual rollback of ${environment} needs 'confirm: ${environment}'`);
  }
  return { environment, namespace, isManual, isDryRun };
}

interface Where {
  readonly environment: string;
  readonly namespace: string;
  readonly isGated: boolean;
}

function named({ environment, namespace }: PlaceInputs): Where {
  if (!isLabel(namespace) || isForbiddenNamespace(namespace)) {
    throw refused(`'namespace' is '${namespace}', which is not a namespace of an application`);
  }
  const name = environment === '' ? namespace : environment;
  return { environment: name, namespace, isGated: name === 'production' };
}

function mapped(inputs: PlaceInputs, entries: readonly EnvironmentEntry[], github: GitHubContext): Where {
  const found = resolveEnvironment({ entries, ...github, environment: inputs.environment });
  if (found.kind === 'unmapped') {
    throw new UserError('E_UNMAPPED', found.reason, 'give `environment`, or add an entry to `environments`');
  }
  if (inputs.namespace !== '' && inputs.namespace !== found.namespace) {
    throw refused(
      `'namespace' is '${inputs.namespace}', and environment ${found.environment} has ${found.namespace}`,
    );
  }
  const { environment, namespace, gate } = found;
  return { environment, namespace, isGated: gate === 'required' || environment === 'production' };
}

function refused(problem: string): UserError {
  return new UserError('E_CONFIG', problem, "correct the inputs under 'with:' of the step");
}
