import { describe, expect, it } from '@jest/globals';
import type { ContainerReport, ContainerState, Pod, Terminated } from './pod.ts';
import { isReady, podStatus, type PodFacts } from './pod-status.ts';

const ended = (exitCode: number): Terminated => ({
  ...{ exitCode, startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:01Z' },
  reason: exitCode === 0 ? 'Completed' : 'Error',
});
const running: ContainerState = { kind: 'running', startedAt: '2026-01-01T00:00:00Z' };
const terminated = (code: number): ContainerState => ({ kind: 'terminated', terminated: ended(code) });
const crashing: ContainerState = { kind: 'waiting', reason: 'CrashLoopBackOff', message: 'back-off' };
const report = (state: ContainerState, more: Partial<ContainerReport> = {}): ContainerReport => ({
  ...{ name: 'app', image: 'app:1', imageId: '', state, last: undefined, restarts: 0 },
  ...{ started: false, ready: false, ...more },
});
const facts = (
  containers: ContainerReport[],
  more: Partial<PodFacts> = {},
  restartPolicy: NonNullable<Pod['spec']['restartPolicy']> = 'Always',
): PodFacts => ({
  pod: {
    metadata: { name: 'p', namespace: 'n', uid: 'u', resourceVersion: '1' },
    spec: { containers: [], restartPolicy },
    status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
  },
  ...{ podIP: '127.70.128.1', hostIP: '127.70.255.1', startedAt: 's', now: 'n', inits: [], previous: [] },
  containers,
  ...more,
});

describe('the status of a pod', () => {
  it.each([
    [
      'a container that is being created',
      facts([report({ kind: 'waiting', reason: 'ContainerCreating' })]),
      'Pending',
      false,
    ],
    ['a running, unready one', facts([report(running)]), 'Running', false],
    ['a ready one', facts([report(running, { ready: true })]), 'Running', true],
    ['one ready, one not', facts([report(running, { ready: true }), report(running)]), 'Running', false],
    ['a crash loop', facts([report(crashing, { last: ended(1), restarts: 2 })]), 'Running', false],
    ['an end that will be restarted', facts([report(terminated(0))]), 'Running', false],
    ['a finished job', facts([report(terminated(0))], {}, 'OnFailure'), 'Succeeded', false],
    ['a failed job', facts([report(terminated(1))], {}, 'Never'), 'Failed', false],
    ['a job that is tried again', facts([report(terminated(1))], {}, 'OnFailure'), 'Running', false],
    ['an init container at work', facts([report(running)], { inits: [report(running)] }), 'Pending', false],
    [
      'an init container that failed for good',
      facts([report(running)], { inits: [report(terminated(1))] }, 'Never'),
      'Failed',
      false,
    ],
    [
      'after its init container',
      facts([report(running, { ready: true })], { inits: [report(terminated(0))] }),
      'Running',
      true,
    ],
  ])('%s', (_, input, phase, ready) => {
    const status = podStatus(input);
    expect(status.phase).toBe(phase);
    expect(isReady(status)).toBe(ready);
  });

  it('keeps the scheduler’s condition and the times of conditions that did not change', () => {
    const first = podStatus(facts([report(running)], { now: '1' }));
    const second = podStatus(
      facts([report(running, { ready: true })], { now: '2', previous: first.conditions }),
    );
    const at = (type: string) => second.conditions.find((condition) => condition.type === type);
    expect(at('PodScheduled')).toEqual({ type: 'PodScheduled', status: 'True' });
    expect(at('Initialized')?.lastTransitionTime).toBe('1');
    expect(at('Ready')?.lastTransitionTime).toBe('2');
  });

  it('tells state, last state and restarts of a container', () => {
    const status = podStatus(facts([report(crashing, { last: ended(3), restarts: 4 })]));
    expect(status.containerStatuses).toEqual([
      {
        ...{ name: 'app', image: 'app:1', imageID: '', ready: false, started: false, restartCount: 4 },
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
        lastState: { terminated: ended(3) },
      },
    ]);
  });
});
