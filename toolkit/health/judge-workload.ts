import type { KubernetesObject } from '../kubernetes/kubernetes.ts';
import { array, condition, count, fields, text } from './fields.ts';

/**
 * How far a controller is with its own work, pods apart. `failed` only for what it has given up itself.
 */
export type Progress =
  | { readonly progress: 'done' }
  | { readonly progress: 'working'; readonly message: string }
  | { readonly progress: 'given-up'; readonly message: string };

const done: Progress = { progress: 'done' };
const working = (message: string): Progress => ({ progress: 'working', message });

/** Progress of a Deployment, StatefulSet or DaemonSet; `replicaSet` is the name of a Deployment's newest one. */
export function judgeWorkload(workload: KubernetesObject, replicaSet?: string): Progress {
  const status = fields(workload.status);
  if (count(status.observedGeneration) < count(workload.metadata.generation))
    return working('its controller has not seen the change yet');
  switch (workload.kind) {
    case 'Deployment':
      return deployment(workload, replicaSet);
    case 'StatefulSet':
      return statefulSet(workload);
    case 'DaemonSet':
      return daemonSet(workload);
    default:
      return done;
  }
}

function deployment(workload: KubernetesObject, replicaSet: string | undefined): Progress {
  const spec = fields(workload.spec);
  const status = fields(workload.status);
  const desired = count(spec.replicas, 1);
  const updated = count(status.updatedReplicas);
  if (spec.paused === true) return working('it is paused');
  const progressing = condition(status, 'Progressing');
  // The controller leaves the old complaint in place until pods of the new template come up: it names whom it means.
  const accused = /ReplicaSet "([^"]+)"/.exec(text(progressing.message))?.[1];
  const isStale = accused !== undefined && replicaSet !== undefined && accused !== replicaSet;
  if (progressing.reason === 'ProgressDeadlineExceeded' && !isStale)
    return { progress: 'given-up', message: `its progress deadline is over: ${text(progressing.message)}` };
  if (updated < desired) return working(`${updated} of ${desired} pods are of the new template`);
  const old = count(status.replicas) - updated;
  if (old > 0) return working(`${old} old pods still run`);
  const available = count(status.availableReplicas);
  return available < desired ? working(`${available} of ${desired} pods are available`) : done;
}

function statefulSet(workload: KubernetesObject): Progress {
  const spec = fields(workload.spec);
  const status = fields(workload.status);
  const desired = count(spec.replicas, 1);
  const ready = count(status.readyReplicas);
  const strategy = fields(spec.updateStrategy);
  if (strategy.type !== 'OnDelete') {
    // Pods below the partition keep the old template on purpose.
    const partition = count(fields(strategy.rollingUpdate).partition);
    const toUpdate = Math.max(0, desired - partition);
    const isWhole = partition === 0 && status.currentRevision === status.updateRevision;
    const updated = isWhole ? desired : count(status.updatedReplicas);
    if (updated < toUpdate) return working(`${updated} of ${toUpdate} pods are of the new template`);
  }
  return ready < desired ? working(`${ready} of ${desired} pods are ready`) : done;
}

function daemonSet(workload: KubernetesObject): Progress {
  const status = fields(workload.status);
  const desired = count(status.desiredNumberScheduled);
  const updated = count(status.updatedNumberScheduled);
  const isOnDelete = fields(fields(workload.spec).updateStrategy).type === 'OnDelete';
  if (!isOnDelete && updated < desired)
    return working(`${updated} of ${desired} pods are of the new template`);
  const available = count(status.numberAvailable);
  return available < desired ? working(`${available} of ${desired} pods are available`) : done;
}

/** Progress of a Job, a PersistentVolumeClaim, a Service or a bare Pod. */
export function judgeOther(object: KubernetesObject, isClaimUsed: boolean): Progress {
  const status = fields(object.status);
  switch (object.kind) {
    case 'Job': {
      const failed = condition(status, 'Failed');
      if (failed.status === 'True')
        return { progress: 'given-up', message: `it failed: ${text(failed.reason)} ${text(failed.message)}` };
      const isOver = condition(status, 'Complete').status === 'True' || fields(object.spec).suspend === true;
      return isOver ? done : working('it is not complete');
    }
    case 'PersistentVolumeClaim':
      if (status.phase === 'Lost') return { progress: 'given-up', message: 'its volume is lost' };
      // A claim that no pod mounts may wait for its first consumer for ever.
      return status.phase === 'Bound' || !isClaimUsed ? done : working('it is not bound');
    case 'Service': {
      if (fields(object.spec).type !== 'LoadBalancer') return done;
      const ingress = array(fields(status.loadBalancer).ingress);
      const hasAddress = ingress.some((item) => text(item.ip) !== '' || text(item.hostname) !== '');
      return hasAddress ? done : working('its load balancer has no address');
    }
    case 'Pod': {
      if (status.phase === 'Failed') return { progress: 'given-up', message: 'it failed' };
      const isUp = status.phase === 'Succeeded' || condition(status, 'Ready').status === 'True';
      return isUp ? done : working('it is not ready');
    }
    default:
      return done;
  }
}
