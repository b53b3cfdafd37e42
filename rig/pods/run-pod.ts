import { join } from 'node:path';
import type { Condition, ContainerReport, Pod } from './pod.ts';
import { isReady, podStatus } from './pod-status.ts';
import { runContainer, type ContainerDeps, type RunningContainer } from './run-container.ts';
import { workloadEntry, workloadEntryPath } from './workload-entry.ts';

export interface PodDeps extends Pick<ContainerDeps, 'client' | 'images' | 'children'> {
  /** Folder below which `<namespace>/<pod>/<container>.log` are written. */
  readonly logs: string;
  readonly hostIP: string;
  readonly istio: boolean;
  readonly log: (line: string) => void;
}

export interface RunningPod {
  /** The pod has changed: labels, or its deletion was asked for. */
  update(pod: Pod): void;
  /** Ends its processes at once: the pod is gone. */
  kill(): Promise<void>;
}

/** Runs a pod's containers, keeps its status and its WorkloadEntry, and removes it when it is to be deleted. */
export function runPod(first: Pod, podIP: string, deps: PodDeps): RunningPod {
  let pod = first;
  let terminating = false;
  let gone = false;
  const startedAt = new Date().toISOString();
  const place = { podIP, hostIP: deps.hostIP };
  const path = `/api/v1/namespaces/${pod.metadata.namespace ?? ''}/pods/${pod.metadata.name}`;
  let previous: readonly Condition[] = [];
  let entry = '';

  let complaint = '';
  const complain = (error: unknown): void => {
    if (gone || complaint === String(error)) return;
    complaint = String(error);
    deps.log(`${pod.metadata.namespace ?? ''}/${pod.metadata.name}: ${complaint}`);
  };
  const tryAgain = (error: unknown): void => {
    complain(error);
    // A status that is not told would never be told: nothing else changes.
    if (!gone) setTimeout(report, 1_000).unref();
  };
  const report = onlyOneAtATime(async () => {
    const facts = { pod, podIP, hostIP: deps.hostIP, startedAt, now: new Date().toISOString(), previous };
    const status = podStatus({ ...facts, inits: inits.map(reportOf), containers: containers.map(reportOf) });
    previous = status.conditions;
    // First the endpoint, then the status: who waits for Ready can send traffic.
    await syncEntry(isReady(status) && !terminating && !gone);
    if (!gone)
      await deps.client.mergePatch(`${path}/status`, { metadata: { uid: pod.metadata.uid }, status });
  }, tryAgain);

  const syncEntry = async (wanted: boolean): Promise<void> => {
    if (!deps.istio) return;
    const next = wanted ? JSON.stringify(workloadEntry(pod, podIP)) : '';
    if (next === entry) return;
    if (next === '') await deps.client.delete(workloadEntryPath(pod));
    else await deps.client.apply(workloadEntryPath(pod), JSON.parse(next));
    entry = next;
  };

  const containerDeps: ContainerDeps = {
    ...deps,
    logs: join(deps.logs, pod.metadata.namespace ?? '', pod.metadata.name),
    event: (type, reason, message) => {
      if (!gone) deps.client.create(eventsPath(pod), podEvent(pod, type, reason, message)).catch(complain);
    },
    onChange: report,
  };
  const policy = pod.spec.restartPolicy ?? 'Always';
  const waiting = (spec: { name: string; image: string }, reason: string): Slot => ({
    report: () => ({
      ...{ name: spec.name, image: spec.image, imageId: '', last: undefined, restarts: 0 },
      ...{ started: false, ready: false, state: { kind: 'waiting', reason } },
    }),
    running: undefined,
  });
  const inits = (pod.spec.initContainers ?? []).map((spec) => waiting(spec, 'PodInitializing'));
  const containers = pod.spec.containers.map((spec) =>
    waiting(spec, inits.length === 0 ? 'ContainerCreating' : 'PodInitializing'),
  );
  const begin = (slot: Slot | undefined, spec: Pod['spec']['containers'][number], restart: typeof policy) => {
    const running = runContainer(pod, spec, restart, place, containerDeps);
    if (slot !== undefined) Object.assign(slot, { running, report: running.report });
    return running;
  };
  const start = async (): Promise<void> => {
    for (const [i, spec] of (pod.spec.initContainers ?? []).entries()) {
      const init = begin(inits[i], spec, policy === 'Never' ? 'Never' : 'OnFailure');
      await init.done;
      const { state } = init.report();
      if (terminating || state.kind !== 'terminated' || state.terminated.exitCode !== 0) return;
    }
    if (terminating) return;
    pod.spec.containers.forEach((spec, i) => begin(containers[i], spec, policy));
  };
  report();
  void start().catch(complain);

  const stopAll = async (graceMs: number): Promise<void> => {
    await Promise.all(
      [...inits, ...containers].map(async ({ running }) => {
        await running?.stop(graceMs);
      }),
    );
  };

  const terminate = async (graceMs: number): Promise<void> => {
    await syncEntry(false).catch(complain);
    await stopAll(graceMs);
    await deps.client.delete(path, { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } });
  };

  return {
    update: (next) => {
      const relabelled = JSON.stringify(next.metadata.labels) !== JSON.stringify(pod.metadata.labels);
      pod = next;
      if (next.metadata.deletionTimestamp !== undefined && !terminating) {
        terminating = true;
        void terminate((next.metadata.deletionGracePeriodSeconds ?? 30) * 1e3).catch(complain);
      } else if (relabelled) report();
    },
    kill: async () => {
      gone = true;
      terminating = true;
      await syncEntry(false).catch(() => undefined);
      await stopAll(0);
    },
  };
}

interface Slot {
  report: () => ContainerReport;
  running: RunningContainer | undefined;
}

const reportOf = (slot: Slot): ContainerReport => slot.report();

/** Runs `work` soon after each call; calls during a run lead to one more run after it. */
function onlyOneAtATime(work: () => Promise<void>, complain: (error: unknown) => void): () => void {
  let wanted = false;
  let running = false;
  const loop = async (): Promise<void> => {
    running = true;
    // What changes together is reported together.
    await Promise.resolve();
    while (takeWanted()) await work().catch(complain);
    running = false;
  };
  const takeWanted = (): boolean => {
    const was = wanted;
    wanted = false;
    return was;
  };
  return () => {
    wanted = true;
    if (!running) void loop();
  };
}

function eventsPath(pod: Pod): string {
  return `/api/v1/namespaces/${pod.metadata.namespace ?? ''}/events`;
}

function podEvent(pod: Pod, type: string, reason: string, message: string): unknown {
  const now = new Date().toISOString();
  const { name, namespace, uid } = pod.metadata;
  return {
    ...{ apiVersion: 'v1', kind: 'Event', type, reason, message, count: 1 },
    metadata: { generateName: `${name}.`, namespace },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace, uid },
    source: { component: 'kubelet', host: pod.spec.nodeName },
    firstTimestamp: now.replace(/\.\d+Z$/, 'Z'),
    lastTimestamp: now.replace(/\.\d+Z$/, 'Z'),
  };
}
