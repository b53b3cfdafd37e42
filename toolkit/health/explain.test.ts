import { describe, expect, it } from '@jest/globals';
import { fakeKubernetes } from '../kubernetes/fake-kubernetes.ts';
import type { KubernetesObject, LogQuery } from '../kubernetes/kubernetes.ts';
import { explain } from './explain.ts';
import type { HealthReason } from './health.ts';

const event = (reason: string, message: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: reason },
  reason,
  message,
});
const crash: HealthReason = {
  code: 'E_CRASHLOOP',
  kind: 'Pod',
  namespace: 'shop',
  name: 'api-1',
  message: 'main crashed 3 times',
  pod: 'api-1',
  container: 'main',
};
const late: HealthReason = {
  code: 'E_TIMEOUT',
  kind: 'StatefulSet',
  namespace: 'shop',
  name: 'db',
  message: '0 of 1 pods are ready',
};

describe('explain', () => {
  it('shows what the container said before it crashed', async () => {
    const asked: LogQuery[] = [];
    const logs = async (query: LogQuery): Promise<string> => {
      asked.push(query);
      return query.previous === true ? 'boom\n' : '';
    };
    const [found] = await explain({ ...fakeKubernetes(), logs }, [crash]);
    expect(found).toEqual({ reason: crash, logs: 'boom', events: [] });
    expect(asked).toEqual([
      { namespace: 'shop', pod: 'api-1', container: 'main', previous: true, tailLines: 20 },
    ]);
  });

  it('shows what it says now when there was nothing before', async () => {
    const logs = async ({ previous }: LogQuery): Promise<string> => (previous === true ? '' : 'starting');
    const [found] = await explain({ ...fakeKubernetes(), logs }, [crash]);
    expect(found?.logs).toBe('starting');
  });

  it('takes the code of a workload without pods from its events', async () => {
    const events = async () => [event('FailedCreate', 'pods "db-0" is forbidden: exceeded quota: small')];
    const [found] = await explain({ ...fakeKubernetes(), events }, [late]);
    expect(found).toEqual({
      reason: { ...late, code: 'E_QUOTA' },
      logs: '',
      events: ['FailedCreate: pods "db-0" is forbidden: exceeded quota: small'],
    });
  });

  it('tells of pods first, and of no more than the limit', async () => {
    const found = await explain(fakeKubernetes(), [late, crash, late], 2);
    expect(found.map(({ reason }) => reason.kind)).toEqual(['Pod', 'StatefulSet']);
  });

  it('says what it can when nothing answers', async () => {
    const events = async () => Promise.reject(new Error('gone'));
    expect(await explain({ ...fakeKubernetes(), events }, [late])).toEqual([
      { reason: late, logs: '', events: [] },
    ]);
  });
});
