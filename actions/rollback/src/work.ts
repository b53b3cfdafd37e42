import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { ClusterPorts } from '../../../toolkit/cluster/open-cluster.ts';
import type { Ledger, RollbackPlan } from '../../../toolkit/ledger/ledger.ts';
import type { Histories } from './histories.ts';
import type { Inputs } from './inputs.ts';
import type { Place } from './place.ts';

/** All that the steps of one rollback need. */
export interface Work {
  readonly ports: ActionPorts;
  readonly cluster: ClusterPorts;
  readonly inputs: Inputs;
  readonly place: Place;
  readonly histories: Histories;
  /** As it was when the plan was made. */
  readonly ledger: Ledger;
  readonly plan: RollbackPlan;
  /** Aborts when the run is cancelled or the lock is lost. */
  readonly signal: AbortSignal;
}
