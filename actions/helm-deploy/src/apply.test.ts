import { describe, expect, it } from '@jest/globals';
import { ToolError, UserError } from '../../../toolkit/action/errors.ts';
import { fakeClock } from '../../../toolkit/clock/fake-clock.ts';
import { fakeKubernetes, type FakeKubernetes } from '../../../toolkit/kubernetes/fake-kubernetes.ts';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import { applyWatched } from './apply.ts';
import type { ReleaseHooks } from './hook-failure.ts';
import type { ApplyRequest } from './unit.ts';

const revision = { 'deployment.kubernetes.io/revision': '1' };
const owned = (kind: string, name: string, owner: string, more: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: {
    name,
    namespace: 'shop',
    uid: name,
    annotations: revision,
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'x', name: owner, uid: owner }],
  },
  ...more,
});
const waiting = (reason: string) => ({
  status: { containerStatuses: [{ name: 'main', restartCount: 4, state: { waiting: { reason } } }] },
});
const crashing = (pod: string): KubernetesObject[] => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api', namespace: 'shop', uid: 'api', annotations: revision },
    spec: { replicas: 1 },
    status: {},
  },
  owned('ReplicaSet', 'api-1', 'api'),
  owned('Pod', pod, 'api-1', waiting('CrashLoopBackOff')),
];
const timeout = (): ToolError =>
  new ToolError('E_TIMEOUT', 'helm upgrade failed', { argv: ['helm'], exitCode: 1, stderrTail: '' });

interface Try {
  readonly kubernetes: FakeKubernetes;
  readonly before?: readonly string[];
  readonly hooks?: readonly ReleaseHooks[];
  /** What the tool does; `signal` tells it to stop. */
  readonly tool: (signal: AbortSignal) => Promise<void>;
}

function attempt({ kubernetes, before = [], hooks = [], tool }: Try): Promise<void> {
  const request: ApplyRequest = {
    releases: [],
    hooks,
    timeoutMs: 60_000,
    description: '',
    force: false,
    signal: new AbortController().signal,
  };
  const unit = { apply: ({ signal }: ApplyRequest) => tool(signal) };
  const expected = [{ kind: 'Deployment', name: 'api', namespace: 'shop' }];
  return applyWatched({ clock: fakeClock() } as never, kubernetes, unit as never, request, {
    expected,
    before: new Set(before),
  });
}

/** A tool that goes on until it is told to stop. */
const patient = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    });
  });

describe('applyWatched', () => {
  it('stops the tool as soon as a new pod cannot come up, and says which and why', async () => {
    const kubernetes = { ...fakeKubernetes(crashing('api-1-x')), logs: async () => 'no database' };
    await expect(attempt({ kubernetes, tool: patient })).rejects.toMatchObject({
      code: 'E_CRASHLOOP',
      message: expect.stringContaining('Pod api-1-x: main crashed 4 times'),
      hint: expect.stringContaining('kubectl -n shop logs api-1-x --previous'),
      evidence: [{ title: expect.stringContaining('Pod/api-1-x'), lines: ['log:', '  no database'] }],
    });
  });

  it('leaves alone what crashed before: this deploy may be what mends it', async () => {
    const kubernetes = fakeKubernetes(crashing('old'));
    let looks = 0;
    const tool = async (): Promise<void> => {
      for (; looks < 50; looks += 1) await Promise.resolve();
    };
    await expect(attempt({ kubernetes, before: ['old', 'api-1', 'api'], tool })).resolves.toBeUndefined();
  });

  it('asks the cluster why when the tool only says that it waited', async () => {
    const kubernetes = fakeKubernetes(crashing('new'));
    const tool = async (): Promise<void> => Promise.reject(timeout());
    await expect(attempt({ kubernetes, tool })).rejects.toMatchObject({ code: 'E_CRASHLOOP' });
    await expect(attempt({ kubernetes: fakeKubernetes(), tool })).rejects.toMatchObject({
      code: 'E_TIMEOUT',
    });
  });

  it('names the hook that failed, and not one that failed in an earlier run', async () => {
    const failed = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'migrate', namespace: 'shop', uid: 'job' },
      status: { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] },
    };
    const kubernetes = fakeKubernetes([failed]);
    const hook = { name: 'migrate', kind: 'Job', events: ['pre-upgrade'], manifest: '' };
    const hooks = [{ name: 'api', namespace: 'shop', hooks: [hook] }];
    const tool = async (): Promise<void> => Promise.reject(timeout());
    await expect(attempt({ kubernetes, hooks, tool })).rejects.toMatchObject({
      code: 'E_HOOK',
      message: 'the hook Job/migrate of release api failed: BackoffLimitExceeded',
    });
    await expect(attempt({ kubernetes, hooks, before: ['job'], tool })).rejects.toMatchObject({
      code: expect.not.stringContaining('E_HOOK'),
    });
  });

  it('passes on what is not the tool’s', async () => {
    const refused = new UserError('E_CANCELLED', 'cancelled', 'again');
    const tool = async (): Promise<void> => Promise.reject(refused);
    await expect(attempt({ kubernetes: fakeKubernetes(), tool })).rejects.toBe(refused);
  });
});
