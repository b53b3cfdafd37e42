import { assertNever } from '../../toolkit/action/errors.ts';
import type { Condition, ContainerReport, ContainerState, Pod } from './pod.ts';

export interface PodFacts {
  readonly pod: Pod;
  readonly podIP: string;
  readonly hostIP: string;
  readonly startedAt: string;
  readonly inits: readonly ContainerReport[];
  readonly containers: readonly ContainerReport[];
  readonly now: string;
  /** Conditions as last reported, for their times. */
  readonly previous: readonly Condition[];
}

export interface PodStatus {
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly conditions: readonly Condition[];
  readonly [field: string]: unknown;
}

/** The status a kubelet would report for these facts. */
export function podStatus(facts: PodFacts): PodStatus {
  const { pod, inits, containers } = facts;
  const initialized = inits.every(
    ({ state }) => state.kind === 'terminated' && state.terminated.exitCode === 0,
  );
  const phase = phaseOf(pod, inits, containers, initialized);
  const unready = containers.filter((container) => !container.ready).map((container) => container.name);
  const allReady = initialized && unready.length === 0;
  const completed = phase === 'Succeeded' ? { reason: 'PodCompleted' } : {};
  const because = allReady
    ? {}
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const wanted: Condition[] = [
    { type: 'PodReadyToStartContainers', status: 'True' },
    { type: 'Initialized', status: initialized ? 'True' : 'False', ...(initialized ? completed : because) },
    { type: 'ContainersReady', status: allReady ? 'True' : 'False', ...because, ...completed },
    { type: 'Ready', status: allReady ? 'True' : 'False', ...because, ...completed },
  ];
  const others = (pod.status?.conditions ?? []).filter(
    (condition) => !wanted.some(({ type }) => type === condition.type),
  );
  return {
    phase,
    conditions: [...others, ...wanted.map((condition) => timed(condition, facts))],
    containerStatuses: containers.map(containerStatus),
    ...(inits.length === 0 ? {} : { initContainerStatuses: inits.map(containerStatus) }),
    hostIP: facts.hostIP,
    hostIPs: [{ ip: facts.hostIP }],
    podIP: facts.podIP,
    podIPs: [{ ip: facts.podIP }],
    startTime: facts.startedAt,
  };
}

/** True when a status says Ready. */
export function isReady(status: { readonly conditions: readonly Condition[] }): boolean {
  return status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True');
}

function phaseOf(
  pod: Pod,
  inits: readonly ContainerReport[],
  containers: readonly ContainerReport[],
  initialized: boolean,
): PodStatus['phase'] {
  const policy = pod.spec.restartPolicy ?? 'Always';
  const failedForGood = (report: ContainerReport): boolean =>
    policy === 'Never' && report.state.kind === 'terminated' && report.state.terminated.exitCode !== 0;
  if (!initialized) return inits.some(failedForGood) ? 'Failed' : 'Pending';
  const allEnded = containers.every(({ state }) => state.kind === 'terminated');
  if (allEnded && policy !== 'Always') {
    const clean = containers.every(
      ({ state }) => state.kind === 'terminated' && state.terminated.exitCode === 0,
    );
    if (clean) return 'Succeeded';
    if (policy === 'Never') return 'Failed';
  }
  const begun = containers.some(({ state, last }) => state.kind !== 'waiting' || last !== undefined);
  return begun ? 'Running' : 'Pending';
}

function timed(condition: Condition, facts: PodFacts): Condition {
  const before = facts.previous.find(({ type }) => type === condition.type);
  const same = before?.status === condition.status ? before.lastTransitionTime : undefined;
  return { ...condition, lastTransitionTime: same ?? facts.now };
}

function containerStatus(report: ContainerReport): unknown {
  return {
    name: report.name,
    image: report.image,
    imageID: report.imageId,
    ready: report.ready,
    started: report.started,
    restartCount: report.restarts,
    state: stateOf(report.state),
    lastState: report.last === undefined ? {} : { terminated: report.last },
  };
}

function stateOf(state: ContainerState): unknown {
  switch (state.kind) {
    case 'waiting':
      return {
        waiting: {
          reason: state.reason,
          ...(state.message === undefined ? {} : { message: state.message }),
        },
      };
    case 'running':
      return { running: { startedAt: state.startedAt } };
    case 'terminated':
      return { terminated: state.terminated };
    default:
      return assertNever(state);
  }
}
