import { existsSync, renameSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImageStore } from '../images/image-store.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Children, RunningChild } from '../processes/children.ts';
import { pullDelay, restartDelay } from './backoff.ts';
import { containerEnv, type PodPlace } from './container-env.ts';
import { residentBytes } from './memory.ts';
import type { ContainerReport, ContainerSpec, ContainerState, Pod, Terminated } from './pod.ts';
import { runProbe, tryProbe, type ProbeTarget } from './probe.ts';
import { parseQuantity } from './quantity.ts';
import { loadReferences } from './references.ts';

export interface ContainerDeps {
  readonly client: KubeClient;
  readonly images: ImageStore;
  readonly children: Children;
  /** Folder of this pod's logs. */
  readonly logs: string;
  /** Tells the cluster about something that happened to the pod. */
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
  readonly onChange: () => void;
}

export interface RunningContainer {
  readonly report: () => ContainerReport;
  /** Settles when it has ended and will not be started again. */
  readonly done: Promise<void>;
  /** preStop, SIGTERM, and SIGKILL when `graceMs` is over. */
  stop(graceMs: number): Promise<void>;
}

/** Runs a container of a pod as a process, again and again as the restart policy says. */
export function runContainer(
  pod: Pod,
  spec: ContainerSpec,
  policy: 'Always' | 'OnFailure' | 'Never',
  place: PodPlace,
  deps: ContainerDeps,
): RunningContainer {
  const stopping = new AbortController();
  let state: ContainerState = { kind: 'waiting', reason: 'ContainerCreating' };
  let last: Terminated | undefined;
  let restarts = 0;
  let started = false;
  let ready = false;
  let imageId = '';
  let current: { child: RunningChild; target: ProbeTarget } | undefined;
  const limit = parseQuantity(spec.resources?.limits?.memory ?? '') ?? Infinity;

  const set = (next: ContainerState): void => {
    state = next;
    deps.onChange();
  };
  const wait = (ms: number): Promise<unknown> =>
    sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const stopped = (): boolean => stopping.signal.aborted;

  /** What to start and with what; undefined when the pod is stopped first. */
  const prepare = async (): Promise<Preparation | undefined> => {
    for (let misses = 1; !stopped(); misses++) {
      const image = deps.images.find(spec.image);
      if (image !== undefined) {
        imageId = `${spec.image.replace(/[:@][^:/]*$/, '')}@${image.digest}`;
        const references = await loadReferences(deps.client, pod.metadata.namespace ?? '', spec);
        const resolved = containerEnv(pod, spec, place, references);
        if (resolved.kind === 'env') {
          const own = { ...image.env, ...resolved.env };
          const path = `${dirname(process.execPath)}${delimiter}/usr/local/bin:/usr/bin:/bin`;
          const base = { PATH: path, HOME: '/tmp', HOSTNAME: pod.metadata.name, HOST: place.podIP };
          const [program = 'false', ...args] = [...(spec.command ?? image.command), ...(spec.args ?? [])];
          return { argv: [program, ...args], cwd: join(image.folder, image.cwd), env: { ...base, ...own } };
        }
        set({ kind: 'waiting', reason: 'CreateContainerConfigError', message: resolved.message });
        await wait(2_000);
        continue;
      }
      const message = `failed to pull image "${spec.image}": not found in the rig's image store`;
      deps.event('Warning', 'Failed', message);
      set({ kind: 'waiting', reason: 'ErrImagePull', message });
      await wait(500);
      deps.event('Normal', 'BackOff', `Back-off pulling image "${spec.image}"`);
      set({ kind: 'waiting', reason: 'ImagePullBackOff', message: `Back-off pulling image "${spec.image}"` });
      await wait(pullDelay(misses));
    }
    return undefined;
  };

  /** Starts the process and follows it to its end. */
  const runOnce = async (preparation: Preparation): Promise<Terminated> => {
    const startedAt = new Date().toISOString();
    const logFile = join(deps.logs, `${spec.name}.log`);
    if (existsSync(logFile)) renameSync(logFile, join(deps.logs, `${spec.name}.previous.log`));
    let child: RunningChild;
    try {
      const name = `${pod.metadata.name}/${spec.name}`;
      child = await deps.children.spawn({ name, ...preparation, logFile });
    } catch (error) {
      deps.event('Warning', 'Failed', `Error: ${String(error)}`);
      return { exitCode: 128, reason: 'Error', startedAt, finishedAt: new Date().toISOString() };
    }
    const target = { podIP: place.podIP, container: spec, cwd: preparation.cwd, env: preparation.env };
    current = { child, target };
    const probing = new AbortController();
    const memoryUse = { exceeded: false };
    const memory = setInterval(() => {
      if (residentBytes(child.pid) <= limit) return;
      memoryUse.exceeded = true;
      child.kill('SIGKILL');
    }, 500);
    if (limit === Infinity) clearInterval(memory);
    set({ kind: 'running', startedAt });
    startProbes(child, target, probing.signal);

    const { code, signal } = await child.exited;
    // What it left in its group is part of the container.
    child.kill('SIGKILL');
    probing.abort();
    clearInterval(memory);
    current = undefined;
    started = false;
    ready = false;
    const number = signal === null ? undefined : constants.signals[signal];
    const exitCode = code ?? 128 + (number ?? 0);
    return {
      exitCode,
      ...(number === undefined ? {} : { signal: number }),
      reason: memoryUse.exceeded ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error',
      startedAt,
      finishedAt: new Date().toISOString(),
    };
  };

  const startProbes = (child: RunningChild, target: ProbeTarget, signal: AbortSignal): void => {
    const { startupProbe, readinessProbe, livenessProbe } = spec;
    const unhealthy = (kind: string, message: string): void => {
      deps.event('Warning', 'Unhealthy', `${kind} probe failed: ${message}`);
    };
    const end = (kind: string, message: string): void => {
      unhealthy(kind, message);
      deps.event('Normal', 'Killing', `Container ${spec.name} failed ${kind} probe, will be restarted`);
      void endGracefully(child, (pod.spec.terminationGracePeriodSeconds ?? 30) * 1e3);
    };
    const onStarted = (): void => {
      started = true;
      ready = readinessProbe === undefined;
      deps.onChange();
      if (readinessProbe !== undefined) {
        void runProbe(
          readinessProbe,
          target,
          ({ ok, message }) => {
            if (!ok) unhealthy('Readiness', message);
            ready = ok;
            deps.onChange();
          },
          signal,
        );
      }
      if (livenessProbe !== undefined) {
        void runProbe(
          livenessProbe,
          target,
          ({ ok, message }) => {
            if (!ok) end('Liveness', message);
          },
          signal,
        );
      }
    };
    if (startupProbe === undefined) {
      onStarted();
      return;
    }
    const startup = new AbortController();
    void runProbe(
      startupProbe,
      target,
      ({ ok, message }) => {
        startup.abort();
        if (ok) onStarted();
        else end('Startup', message);
      },
      AbortSignal.any([signal, startup.signal]),
    );
  };

  const live = async (): Promise<void> => {
    for (;;) {
      const preparation = await prepare();
      if (preparation === undefined || stopped()) return;
      const terminated = await runOnce(preparation);
      set({ kind: 'terminated', terminated });
      if (stopped() || policy === 'Never' || (policy === 'OnFailure' && terminated.exitCode === 0)) return;
      const ranMs = Date.parse(terminated.finishedAt) - Date.parse(terminated.startedAt);
      const delay = restartDelay(restarts, ranMs);
      last = terminated;
      if (delay > 0) {
        const message = `back-off ${delay / 1e3}s restarting failed container=${spec.name} pod=${pod.metadata.name}`;
        deps.event('Warning', 'BackOff', message);
        set({ kind: 'waiting', reason: 'CrashLoopBackOff', message });
        await wait(delay);
      }
      if (stopped()) return;
      restarts++;
    }
  };
  const done = live();

  return {
    done,
    report: () => ({
      ...{ name: spec.name, image: spec.image, imageId, state, last, restarts, started },
      ready: ready && state.kind === 'running',
    }),
    stop: async (graceMs) => {
      stopping.abort();
      if (current !== undefined) {
        const until = Date.now() + graceMs;
        const preStop = spec.lifecycle?.preStop;
        if (preStop?.sleep !== undefined) await sleep(Math.min(preStop.sleep.seconds * 1e3, graceMs));
        else if (preStop !== undefined) await tryProbe(preStop, graceMs, current.target);
        await endGracefully(current.child, Math.max(until - Date.now(), 0));
      }
      await done;
    },
  };
}

interface Preparation {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

async function endGracefully(child: RunningChild, graceMs: number): Promise<void> {
  child.kill(graceMs === 0 ? 'SIGKILL' : 'SIGTERM');
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
  }, graceMs);
  await child.exited;
  clearTimeout(timer);
}
