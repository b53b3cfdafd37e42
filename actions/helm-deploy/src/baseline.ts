import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { LedgerStore } from '../../../toolkit/ledger/ledger.ts';
import type { Inputs } from './inputs.ts';
import type { Place } from './observe.ts';

/**
 * A canary is compared with what was proved before. Where nothing was (a first installation) there is nothing to
 * compare with: the release is deployed directly, and verified by its health.
 */
export async function withoutBaseline(
  ports: Pick<ActionPorts, 'log'>,
  inputs: Inputs,
  ledger: LedgerStore,
  place: Place,
): Promise<Inputs> {
  if (inputs.strategy !== 'canary') return inputs;
  const { entries } = (await ledger.read(place.namespace, place.environment)).ledger;
  if (entries.some(({ phase }) => phase === 'verified')) return inputs;
  ports.log.notice(
    `nothing in ${place.environment} is verified yet, so there is nothing to compare a canary with: deployed directly`,
  );
  return { ...inputs, strategy: 'direct', canaryValues: [] };
}
