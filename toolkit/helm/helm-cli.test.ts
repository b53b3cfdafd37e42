import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../action/errors.ts';
import { fakeKubernetes } from '../kubernetes/fake-kubernetes.ts';
import { fakeProcess } from '../process/fake-process.ts';
import { helmErrorCode, redactArgv } from './helm-error.ts';
import { helmCli } from './helm-cli.ts';
import { encodeRelease, readReleaseSecret } from './release-secret.ts';

const upgrade = {
  release: 'api',
  namespace: 'shop',
  chart: './api',
  values: ['a.yaml', 'b.yaml'],
  set: ['image.tag=1'],
  timeoutMs: 61_000,
  historyMax: 3,
  description: 'run 1',
  force: false,
  wait: true,
  signal: new AbortController().signal,
};

function connect(version: string, kubernetes = fakeKubernetes()) {
  const process = fakeProcess((argv) => ({ stdout: argv[1] === 'version' ? version : '' }));
  return { kubernetes, process, helm: helmCli({ process, kubernetes, env: {}, context: '', cwd: '/w' }) };
}

const secretOf = (revision: number, status: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'helm.sh/release.v1',
  metadata: {
    name: `sh.helm.release.v1.api.v${revision}`,
    namespace: 'shop',
    labels: { owner: 'helm', name: 'api', status },
  },
  data: {
    release: encodeRelease({
      name: 'api',
      namespace: 'shop',
      version: revision,
      info: { status },
      manifest: '',
    }),
  },
});

describe('helmCli', () => {
  it.each([
    ['v3.17.2', ['--wait', '--wait-for-jobs']],
    ['v4.1.4', ['--wait=watcher', '--wait-for-jobs']],
  ])('waits as %s takes it, keeps history and never goes back by itself', async (version, wait) => {
    const { helm, process } = connect(version);
    await helm.upgradeInstall(upgrade);
    const argv = process.calls[1]?.argv ?? [];
    expect(argv.filter((item) => item.startsWith('--wait'))).toEqual(wait);
    expect(argv.join(' ')).toContain('--history-max 10 ');
    expect(argv.join(' ')).toContain('--timeout 61s ');
    expect(argv.join(' ')).toContain('--values a.yaml --values b.yaml --set image.tag=1');
    expect(argv.join(' ')).not.toMatch(/atomic|rollback-on-failure|force/);
  });

  it.each([
    ['v3.15.4', false],
    ['v3.16.0', true],
    ['v4.0.0', true],
  ])('never shows the notes of a chart, which helm %s can hide: %s', async (version, hides) => {
    const process = fakeProcess((argv) => ({
      stdout:
        argv[1] === 'version' ? version : `upgraded\n${hides ? '' : 'NOTES:\nthe password is hunter2\n'}`,
    }));
    const shown: string[] = [];
    const onLine = (line: string) => shown.push(line);
    const kubernetes = fakeKubernetes();
    const helm = helmCli({ process, kubernetes, env: {}, context: '', cwd: '/w', onLine });
    await helm.upgradeInstall(upgrade);
    expect(process.calls[1]?.argv.includes('--hide-notes')).toBe(hides);
    expect(shown.join()).not.toContain('hunter2');
  });

  it('forces conflicts for helm 4 only, and never replaces objects', async () => {
    for (const [version, expected] of [
      ['v3.17.2', false],
      ['v4.1.4', true],
    ] as const) {
      const { helm, process } = connect(version);
      await helm.upgradeInstall({ ...upgrade, force: true });
      expect(process.calls[1]?.argv.includes('--force-conflicts')).toBe(expected);
      expect(process.calls[1]?.argv.some((item) => item === '--force' || item === '--force-replace')).toBe(
        false,
      );
    }
  });

  it('refuses a helm that is neither 3 nor 4', async () => {
    await expect(connect('v2.17.0').helm.version()).rejects.toMatchObject({ code: 'E_TOOL' });
  });

  it('lists revisions by number, not by name', async () => {
    const kubernetes = fakeKubernetes([
      secretOf(10, 'deployed'),
      secretOf(9, 'superseded'),
      secretOf(2, 'failed'),
    ]);
    const history = await connect('v4.1.4', kubernetes).helm.history('api', 'shop');
    expect(history.map(({ revision }) => revision)).toEqual([2, 9, 10]);
  });

  it('marks a pending revision failed, and leaves alone what changed meanwhile', async () => {
    const kubernetes = fakeKubernetes([secretOf(1, 'pending-upgrade')]);
    const { helm } = connect('v4.1.4', kubernetes);
    const [stuck] = await helm.history('api', 'shop');
    kubernetes.put(secretOf(1, 'pending-upgrade'));
    await expect(helm.markFailed(stuck!, 'dead')).rejects.toMatchObject({ code: 'E_RELEASE_BUSY' });
    const [fresh] = await helm.history('api', 'shop');
    await helm.markFailed(fresh!, 'dead');
    const after = await kubernetes.get({
      resource: 'secrets',
      name: 'sh.helm.release.v1.api.v1',
      namespace: 'shop',
    });
    expect(readReleaseSecret(after!)).toMatchObject({ status: 'failed', description: 'dead' });
    expect(after?.metadata.labels).toMatchObject({ status: 'failed', owner: 'helm' });
  });

  it('knows its own patch again when the answer to it was lost', async () => {
    const kubernetes = fakeKubernetes([secretOf(1, 'pending-upgrade')]);
    const patch: typeof kubernetes.patch = async (...call) => {
      await kubernetes.patch(...call);
      // kubectl asks again by itself, and its precondition no longer holds.
      throw new ApiError('E_CONFLICT', 'changed', { status: 409 });
    };
    const { helm } = connect('v4.1.4', { ...kubernetes, patch });
    const [stuck] = await helm.history('api', 'shop');
    await helm.markFailed(stuck!, 'dead');
    const refuse = async () => Promise.reject(new ApiError('E_CONFLICT', 'changed', { status: 409 }));
    const other = fakeKubernetes([secretOf(1, 'pending-upgrade')]);
    const { helm: second } = connect('v4.1.4', { ...other, patch: refuse });
    const [busy] = await second.history('api', 'shop');
    await expect(second.markFailed(busy!, 'dead')).rejects.toMatchObject({ code: 'E_CONFLICT' });
  });

  it('does not touch a revision that is no longer pending', async () => {
    const kubernetes = fakeKubernetes([secretOf(1, 'deployed')]);
    const { helm } = connect('v4.1.4', kubernetes);
    const [done] = await helm.history('api', 'shop');
    await helm.markFailed(done!, 'dead');
    expect(kubernetes.writes).toEqual([]);
  });
});

describe('helmErrorCode', () => {
  it.each([
    ['Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress', 'E_RELEASE_BUSY'],
    [
      'create: failed to create: Secret "x" is invalid: data: Too long: may not be more than 1048576 bytes',
      'E_RELEASE_TOO_BIG',
    ],
    [
      'conflict occurred while applying object: Apply failed with 1 conflict: conflict with "kubectl": .spec',
      'E_CONFLICT',
    ],
    ['invalid ownership metadata; label validation error', 'E_OWNERSHIP'],
    ['Error: UPGRADE FAILED: pre-upgrade hooks failed: 1 error occurred', 'E_HOOK'],
    [
      'cannot patch "a" with kind StatefulSet: updates to statefulset spec for fields other than',
      'E_IMMUTABLE',
    ],
    ['parse error at (x/templates/a.yaml:1): unclosed action', 'E_RENDER'],
    ['no matches for kind "Foo" in version "x/v1" ensure CRDs are installed first', 'E_CRD'],
    ['pods is forbidden: exceeded quota: q, requested: pods=1', 'E_QUOTA'],
    ['Error: UPGRADE FAILED: timed out waiting for the condition', 'E_TIMEOUT'],
    ['something never seen', 'E_TOOL'],
  ])('%s → %s', (stderr, code) => {
    expect(helmErrorCode(stderr)).toBe(code);
  });
});

describe('redactArgv', () => {
  it('hides the values of --set', () => {
    expect(redactArgv(['helm', '--set', 'a.password=x=y', '--values', 'a=b'])).toEqual([
      'helm',
      '--set',
      'a.password=***',
      '--values',
      'a=b',
    ]);
  });
});
