import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { ClusterPorts } from '../../../toolkit/cluster/open-cluster.ts';
import type { Inputs } from './inputs.ts';
import type { Place } from './place.ts';

export interface Session {
  readonly ports: ActionPorts;
  readonly cluster: ClusterPorts;
  readonly inputs: Inputs;
  readonly place: Place;
  readonly reason: string;
}
