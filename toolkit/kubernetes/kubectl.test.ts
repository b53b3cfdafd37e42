import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../clock/fake-clock.ts';
import { fakeProcess } from '../process/fake-process.ts';
import type { RunResult } from '../process/process.ts';
import { kubectl } from './kubectl.ts';
import { kubectlError } from './kubectl-error.ts';

const refusedConnection = {
  code: 1,
  stderr: 'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?',
};

function connect(answers: readonly (Partial<RunResult> | Error)[]) {
  const queue = [...answers];
  const clock = fakeClock();
  const process = fakeProcess(() => queue.shift() ?? { code: 1, stderr: 'unexpected call' });
  return {
    clock,
    process,
    kubernetes: kubectl({ process, clock, env: { KUBECONFIG: '/k' }, context: 'ctx' }),
  };
}

describe('kubectl', () => {
  it('passes context, names and input as argv and stdin', async () => {
    const { kubernetes, process } = connect([{ stdout: '{"kind":"Secret","metadata":{"name":"a"}}' }]);
    await kubernetes.get({ resource: 'secrets', name: '$(id)', namespace: 'n;s' });
    expect(process.calls[0]?.argv).toEqual([
      'kubectl',
      '--context',
      'ctx',
      'get',
      'secrets',
      '$(id)',
      '--namespace',
      'n;s',
      '--ignore-not-found',
      '-o',
      'json',
    ]);
    expect(process.calls[0]?.options.env).toEqual({ KUBECONFIG: '/k' });
  });

  it('gives undefined for what is not there', async () => {
    const { kubernetes } = connect([
      { stdout: '' },
      { code: 1, stderr: 'Error from server (NotFound): namespaces "x" not found' },
    ]);
    expect(await kubernetes.get({ resource: 'pods', name: 'a', namespace: 'x' })).toBeUndefined();
    expect(await kubernetes.get({ resource: 'pods', name: 'a', namespace: 'x' })).toBeUndefined();
  });

  it('repeats a read while the server is gone, after it was reached once', async () => {
    const { kubernetes, clock } = connect([
      { stdout: '{"gitVersion":"v1.37.2"}' },
      refusedConnection,
      { code: 1, stderr: 'Error from server (TooManyRequests): slow down' },
      { code: 1, stderr: 'Error from server (InternalError): etcd' },
      { stdout: '{"kind":"List","items":[]}' },
    ]);
    await kubernetes.serverVersion();
    expect(await kubernetes.list({ resources: ['pods'], namespace: 'x' })).toEqual([]);
    expect(clock.slept).toEqual([500, 1000, 2000]);
  });

  it('gives up soon on a server that never answered', async () => {
    const { kubernetes, clock } = connect(Array.from({ length: 50 }, () => refusedConnection));
    await expect(kubernetes.serverVersion()).rejects.toMatchObject({ status: 0 });
    expect(clock.now()).toBeLessThan(5_000);
  });

  it('does not repeat a write that may have reached the server', async () => {
    const { kubernetes, process } = connect([
      { stdout: '{"gitVersion":"v1"}' },
      { code: 1, stderr: 'error: unexpected EOF' },
    ]);
    await kubernetes.serverVersion();
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
    await expect(kubernetes.create(object)).rejects.toMatchObject({ status: 0, code: 'E_TIMEOUT' });
    expect(process.calls).toHaveLength(2);
  });

  it('asks for each resource by itself when one is unknown', async () => {
    const { kubernetes } = connect([
      { code: 1, stderr: 'error: the server doesn\'t have a resource type "things"' },
      { stdout: '{"kind":"List","items":[{"kind":"Pod","metadata":{"name":"p"}}]}' },
      { code: 1, stderr: 'error: the server doesn\'t have a resource type "things"' },
    ]);
    const found = await kubernetes.list({ resources: ['pods', 'things'], namespace: 'x' });
    expect(found.map(({ metadata }) => metadata.name)).toEqual(['p']);
  });

  it('asks for several permissions at once', async () => {
    const answer = (allowed: boolean): string =>
      JSON.stringify({ kind: 'SelfSubjectAccessReview', status: { allowed } }, null, 2);
    const { kubernetes, process } = connect([{ stdout: `${answer(true)}\n${answer(false)}\n` }]);
    const questions = [
      { verb: 'get', resource: 'pods', namespace: 'x' },
      { verb: 'create', resource: 'leases.coordination.k8s.io', namespace: 'x' },
    ];
    expect(await kubernetes.denied(questions)).toEqual([questions[1]]);
    expect(process.calls[0]?.options.input).toContain('"group":"coordination.k8s.io"');
  });

  it('has the server compare the UID when it deletes, so that what took the place of an object stays', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'x', uid: 'new' } };
    const resources = [
      { name: 'pods/log', kind: 'Pod' },
      { name: 'pods', kind: 'Pod' },
    ];
    const { kubernetes, process } = connect([
      { stdout: JSON.stringify(pod) },
      { stdout: JSON.stringify({ resources }) },
      { code: 1, stderr: 'Error from server (Conflict): Precondition failed: UID in precondition: old' },
    ]);
    const ref = { resource: 'pods', name: 'a', namespace: 'x' };
    const preconditions = { uid: 'old' };
    await expect(kubernetes.delete(ref, { preconditions })).rejects.toMatchObject({ status: 409 });
    const { argv, options } = process.calls[2] ?? {};
    expect(argv?.slice(3)).toEqual(['delete', '--raw', '/api/v1/namespaces/x/pods/a', '-f', '-']);
    expect(JSON.parse(options?.input ?? '')).toMatchObject({ kind: 'DeleteOptions', preconditions });
  });

  it('finds what it deletes also without a namespace and in a group', async () => {
    const apiVersion = 'apiextensions.k8s.io/v1';
    const kind = 'CustomResourceDefinition';
    const { kubernetes, process } = connect([
      { stdout: JSON.stringify({ apiVersion, kind, metadata: { name: 'a.b' } }) },
      { stdout: JSON.stringify({ resources: [{ name: 'customresourcedefinitions', kind }] }) },
      { stdout: '{}' },
      { stdout: '' },
    ]);
    const ref = { resource: `${kind}.v1.apiextensions.k8s.io`, name: 'a.b' };
    expect(await kubernetes.delete(ref, { preconditions: { uid: 'u' } })).toBe(true);
    expect(process.calls[2]?.argv).toContain(`/apis/${apiVersion}/customresourcedefinitions/a.b`);
    expect(await kubernetes.delete(ref, { preconditions: { uid: 'u' } })).toBe(false);
  });

  it('refuses to undo to no revision in particular', async () => {
    const { kubernetes, process } = connect([]);
    const target = { kind: 'Deployment', name: 'a', namespace: 'x', revision: 0 } as const;
    await expect(kubernetes.rolloutUndo(target)).rejects.toThrow('explicit revision');
    expect(process.calls).toHaveLength(0);
  });

  it('says that kubectl is missing', async () => {
    const { kubernetes } = connect([new Error('spawn kubectl ENOENT')]);
    await expect(kubernetes.serverVersion()).rejects.toMatchObject({ code: 'E_TOOL' });
  });
});

describe('kubectlError', () => {
  it.each([
    ['Error from server (Forbidden): secrets is forbidden: User "x" cannot list', 'E_RBAC', 403],
    ['error: You must be logged in to the server (Unauthorized)', 'E_AUTH', 401],
    ['error: context "zzz" does not exist', 'E_AUTH', 401],
    [
      'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
      'E_AUTH',
      401,
    ],
    ['Error from server (Conflict): Operation cannot be fulfilled', 'E_CONFLICT', 409],
    ['error: Apply failed with 1 conflict: conflict with "argo": .spec.replicas', 'E_CONFLICT', 409],
    ['Error from server (Forbidden): pods "a" is forbidden: exceeded quota: q', 'E_QUOTA', 403],
    ['Error from server (BadRequest): admission webhook "w" denied the request: no', 'E_ADMISSION', 400],
    [
      'The Deployment "a" is invalid: spec.selector: Invalid value: {}: field is immutable',
      'E_IMMUTABLE',
      422,
    ],
    ['Unable to connect to the server: dial tcp: lookup nope: no such host', 'E_TIMEOUT', 0],
    ['Error from server: etcdserver: leader changed', 'E_TIMEOUT', 503],
    ['error: resource mapping not found: no matches for kind "Foo" in version "x/v1"', 'E_CRD', 404],
  ] as const)('%s', (stderr, code, status) => {
    expect(kubectlError(stderr, 'get')).toMatchObject({ code, status });
  });
});
