import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * A name of this very process: boot, process namespace and id. Host names will not do, for hosted runners share theirs.
 * '' where the system does not tell (not Linux).
 */
export function processInstance(pid = process.pid): string {
  const home = machine();
  return home === '' ? '' : `${home}/${pid}`;
}

/** True when the instance was a process of this machine and is gone: waiting for its lease would be in vain. */
export function isDeadInstance(instance: string): boolean {
  const home = machine();
  if (home === '' || !instance.startsWith(`${home}/`)) return false;
  const pid = Number(instance.slice(home.length + 1));
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function machine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const namespace = readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '');
    return `${boot}/${namespace}`;
  } catch {
    return '';
  }
}

/** Children carry this variable with their run's instance, so that what a killed run left running can be found. */
export const instanceVariable = 'GATED_DELIVERY_INSTANCE';

/** Ids of processes that an instance started and that still run, on this machine. */
export function leftoverProcesses(instance: string): number[] {
  const home = machine();
  if (home === '' || !instance.startsWith(`${home}/`)) return [];
  const mark = `${instanceVariable}=${instance}`;
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark) ? [pid] : [];
    } catch {
      // Ended meanwhile, or another user's.
      return [];
    }
  });
}

/**
 * Ends what a dead instance left running: a helm without its run would go on writing beside the next one.
 * Returns how many there were.
 */
export function endLeftovers(instance: string): number {
  const pids = leftoverProcesses(instance);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended by itself.
    }
  }
  return pids.length;
}
