import { UserError } from '../../../toolkit/action/errors.ts';
import type { Log } from '../../../toolkit/action/log.ts';
import { failingSeverities, type Policy } from '../../../toolkit/findings/policy.ts';
import { findChange, type ChangePorts } from '../../../toolkit/findings/change-by-api.ts';
import { isProposal, type Change } from '../../../toolkit/git/change.ts';
import type { Inputs } from './inputs.ts';

/** Whether old findings are let through, and what they are old against. */
export interface Comparison {
  readonly newOnly: boolean;
  readonly change: Change;
}

/** When only new findings count and the base cannot be known, E_NO_BASE: guessing would hide or invent findings. */
export async function planComparison(
  inputs: Pick<Inputs, 'newOnly' | 'base' | 'waivers'>,
  ports: ChangePorts & { log: Log },
): Promise<Comparison> {
  const newOnly = inputs.newOnly === 'auto' ? isProposal(ports.github) : inputs.newOnly === 'true';
  const waiversOfBase = inputs.waivers.length > 0 && isProposal(ports.github);
  if (!newOnly && !waiversOfBase) {
    return { newOnly, change: { kind: 'unknown', reason: 'every finding counts, old or new' } };
  }
  const { change, hasBase } = await findChange(inputs.base, ports);
  // The whole base is scanned and its waivers are read: to know what changed is not enough.
  if (change.kind === 'known' && hasBase) return { newOnly, change };
  const reason = change.kind === 'known' ? `the merge base ${change.base} cannot be fetched` : change.reason;
  throw new UserError(
    'E_NO_BASE',
    `what is new cannot be told: ${reason}`,
    'check out with `fetch-depth: 0`, or set `base`',
  );
}

/** The gate. */
export function gatePolicy(
  inputs: Pick<Inputs, 'failSeverity' | 'ignoreUnfixed'>,
  comparison: Comparison,
): Policy {
  return {
    failing: failingSeverities(inputs.failSeverity),
    newOnly: comparison.newOnly,
    ignoreUnfixed: inputs.ignoreUnfixed,
  };
}
