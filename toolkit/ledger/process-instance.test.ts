import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  endLeftovers,
  instanceVariable,
  isDeadInstance,
  leftoverProcesses,
  processInstance,
} from './process-instance.ts';

describe('process instances', () => {
  it('tells a living process from a dead one, and says nothing about other machines', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const instance = processInstance(child.pid);
    expect(isDeadInstance(instance)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(isDeadInstance(instance)).toBe(true);
    expect(isDeadInstance(`elsewhere/1/${child.pid}`)).toBe(false);
    expect(isDeadInstance('')).toBe(false);
  });

  it('finds and ends what an instance left running', async () => {
    const instance = `${processInstance()}9`;
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      env: { PATH: process.env.PATH, [instanceVariable]: instance },
    });
    await once(child, 'spawn');
    expect(leftoverProcesses(instance)).toEqual([child.pid]);
    expect(leftoverProcesses(`${instance}1`)).toEqual([]);
    const closed = once(child, 'close');
    expect(endLeftovers(instance)).toBe(1);
    await closed;
    expect(leftoverProcesses(instance)).toEqual([]);
  });
});
