import { assertNever, UserError } from '../../../toolkit/action/errors.ts';
import type { Log } from '../../../toolkit/action/log.ts';
import { failingLevels, type Policy } from '../../../toolkit/findings/policy.ts';
import { findChange, type ChangePorts } from '../../../toolkit/findings/change-by-api.ts';
import { isProposal, type Change } from '../../../toolkit/git/change.ts';
import type { Inputs } from './inputs.ts';

/** Which files to lint and whether old findings are let through. */
export interface Scope {
  readonly files: 'changed' | 'all';
  readonly newOnly: boolean;
  readonly change: Change;
  /** False when what changed is known but the base cannot be checked out. */
  readonly hasBase: boolean;
}

type ScopeInputs = Pick<Inputs, 'scope' | 'newOnly' | 'base'>;

/** Chooses the scope. When the change is needed and cannot be known, E_NO_BASE: never everything, never nothing. */
export async function planScope(inputs: ScopeInputs, ports: ChangePorts & { log: Log }): Promise<Scope> {
  const { files, newOnly } = chooseScope(inputs, isProposal(ports.github));
  if (files === 'all' && !newOnly) {
    const change = { kind: 'unknown', reason: 'all findings count here' } as const;
    return { files, newOnly, change, hasBase: false };
  }
  const { change, hasBase } = await findChange(inputs.base, ports);
  if (change.kind === 'known') return { files, newOnly, change, hasBase };
  throw new UserError(
    'E_NO_BASE',
    `what changed cannot be told: ${change.reason}`,
    'check out with `fetch-depth: 0`, or set `base`',
  );
}

/** `auto` means the change alone where code is proposed, and everything elsewhere. */
export function chooseScope(
  inputs: Pick<Inputs, 'scope' | 'newOnly'>,
  proposal: boolean,
): { files: 'changed' | 'all'; newOnly: boolean } {
  return {
    files: inputs.scope === 'auto' ? (proposal ? 'changed' : 'all') : inputs.scope,
    newOnly: chooseNewOnly(inputs.newOnly, proposal),
  };
}

function chooseNewOnly(newOnly: Inputs['newOnly'], proposal: boolean): boolean {
  switch (newOnly) {
    case 'auto':
      return proposal;
    case 'true':
      return true;
    case 'false':
      return false;
    default:
      return assertNever(newOnly);
  }
}

/** The gate. */
export function gatePolicy(
  inputs: Pick<Inputs, 'failOn' | 'maxWarnings'>,
  scope: Pick<Scope, 'newOnly'>,
): Policy {
  return { failing: failingLevels(inputs.failOn), newOnly: scope.newOnly, maxWarnings: inputs.maxWarnings };
}
