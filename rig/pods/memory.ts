import { readFileSync } from 'node:fs';

const pageBytes = 4096;

/** Resident bytes of a process and its descendants; 0 when it is gone. Linux only. */
export function residentBytes(pid: number): number {
  try {
    const resident = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageBytes;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const below = children === '' ? [] : children.split(' ').map(Number);
    return below.reduce((sum, child) => sum + residentBytes(child), resident);
  } catch {
    return 0;
  }
}
