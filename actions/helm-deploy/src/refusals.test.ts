import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEntries } from '../../../toolkit/environments/parse-entries.ts';
import { checkFiles } from './check-files.ts';
import { wantedApi } from './fake-release.ts';
import { requireReviewers } from './gate.ts';
import { reachesCluster } from './reaches-cluster.ts';
import { refuseTooBig } from './release-size.ts';
import { resolveTarget } from './target.ts';

let workspace = '';
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'gd-refusals-'));
  mkdirSync(join(workspace, 'chart'));
  mkdirSync(join(workspace, 'dev'));
  for (const name of [
    'helmfile.yaml',
    'a.yaml',
    'chart/Chart.yaml',
    'dev.yaml',
    'dev/a.yaml',
    'preview.yaml',
  ])
    writeFileSync(join(workspace, name), 'a: 1\n');
});
afterAll(() => {
  rmSync(workspace, { recursive: true, force: true });
});

describe('checkFiles', () => {
  const none = { values: [], canaryValues: [], promoteValues: [] };
  const chart = (release: string, path = './chart') => ({ kind: 'chart', chart: path, release }) as const;
  const target = { environment: 'production', values: [], release: undefined };
  const check = (inputs: object, more: object = {}): void => {
    checkFiles(
      workspace,
      { ...none, unit: { kind: 'helmfile', file: 'helmfile.yaml' }, ...inputs } as never,
      {
        ...target,
        ...more,
      },
      ['production', 'dev', 'preview/{slug}'],
    );
  };

  it('is content with files that are there and releases that can be named', () => {
    expect(() => {
      check({ values: ['a.yaml'] });
      check({ unit: chart('api') });
      check({ unit: chart('', 'oci://registry.example.com/api') }, { release: 'api-v1.2' });
    }).not.toThrow();
  });

  it.each(['values', 'canaryValues', 'promoteValues'])(
    'refuses a file in %s that is named for another environment',
    (input) => {
      for (const [file, own, other] of [
        ['dev.yaml', 'dev', 'preview/feature-a'],
        ['dev/a.yaml', 'dev', 'production'],
        ['preview.yaml', 'preview/feature-a', 'production'],
      ] as const) {
        expect(() => {
          check({ [input]: [file] }, { environment: own });
        }).not.toThrow();
        expect(() => {
          check({ [input]: ['a.yaml', file] }, { environment: other });
        }).toThrow(`${file} is named for environment ${own.replace('feature-a', '{slug}')}`);
      }
    },
  );

  it('takes no offence at the folder the workspace is in', () => {
    const inside = join(workspace, 'dev');
    const inputs = { ...none, unit: { kind: 'kustomize', folder: '.' }, values: [join(inside, 'a.yaml')] };
    expect(() => {
      checkFiles(inside, inputs as never, target, ['production', 'dev']);
    }).not.toThrow();
  });

  it.each([
    [{ unit: { kind: 'helmfile', file: 'none.yaml' } }, {}, /none\.yaml does not exist/],
    [{ unit: { kind: 'kustomize', folder: './none', release: '' } }, {}, /none does not exist/],
    [{ unit: chart('api', './none') }, {}, /none does not exist/],
    [{ canaryValues: ['none.yaml'] }, {}, /none\.yaml does not exist/],
    [{}, { values: ['none.yaml'] }, /none\.yaml does not exist/],
    [{ unit: chart('') }, {}, /'chart' needs 'release'/],
    [{ unit: chart('Api') }, {}, /not a release name/],
    [{ unit: chart('a'.repeat(54)) }, {}, /not a release name/],
  ])('refuses %j %j', (inputs, more, problem) => {
    expect(() => {
      check(inputs, more);
    }).toThrow(problem);
  });
});

describe('requireReviewers', () => {
  const environment = (reviewers: { type: 'User'; name: string; id: number }[]) => ({
    getEnvironment: async () => ({
      id: 1,
      name: 'production',
      waitTimerMinutes: 0,
      reviewers,
      preventSelfReview: false,
      branchPolicy: undefined,
    }),
  });

  it('is content with an environment that someone reviews', async () => {
    const reviewed = environment([{ type: 'User', name: 'octocat', id: 1 }]);
    await expect(requireReviewers(reviewed as never, 'production')).resolves.toBeUndefined();
  });

  it.each([
    ['no token', undefined],
    ['no environment', { getEnvironment: async () => undefined }],
    ['no reviewers', environment([])],
  ])('refuses with %s', async (_, github) => {
    await expect(requireReviewers(github as never, 'production')).rejects.toMatchObject({
      code: 'E_GATE_MISSING',
    });
  });
});

describe('refuseTooBig', () => {
  const none = (): Promise<undefined> => Promise.resolve(undefined);

  it('weighs what Helm stores, and names the release', async () => {
    const unit = { kind: 'helmfile', file: 'helmfile.yaml' } as const;
    const wanted = [{ ...wantedApi, chart: './chart' }];
    const rendered = (manifest: string) => [{ name: 'api', namespace: 'shop', manifest, hooks: '' }];
    await expect(refuseTooBig(workspace, unit, wanted, rendered('a: 1'), none)).resolves.toBeUndefined();
    // What is the same all over shrinks to nothing.
    await expect(
      refuseTooBig(workspace, unit, wanted, rendered('a'.repeat(5_000_000)), none),
    ).resolves.toBeUndefined();
    const noise = randomBytes(1_000_000).toString('base64');
    await expect(refuseTooBig(workspace, unit, wanted, rendered(noise), none)).rejects.toMatchObject({
      code: 'E_RELEASE_TOO_BIG',
      message: expect.stringContaining('release api'),
    });
  });

  it('weighs a chart without what its .helmignore names, as its advice has it', async () => {
    const chart = join(workspace, 'heavy');
    mkdirSync(join(chart, 'docs'), { recursive: true });
    for (const file of ['photo.bin', 'docs/film']) writeFileSync(join(chart, file), randomBytes(1_000_000));
    const weigh = (ignored: string) => {
      writeFileSync(join(chart, '.helmignore'), ignored);
      const unit = { kind: 'chart', chart: './heavy', release: 'api' } as const;
      return refuseTooBig(workspace, unit, [{ ...wantedApi, chart: './heavy' }], [], none);
    };
    for (const ignored of ['', '*.bin\n', 'docs/\n'])
      await expect(weigh(ignored)).rejects.toMatchObject({ code: 'E_RELEASE_TOO_BIG' });
    await expect(weigh('*.bin\ndocs/\n')).resolves.toBeUndefined();
  });

  it('fetches a chart that is not in the repository, and leaves to Helm what cannot be had', async () => {
    const fetched = join(workspace, 'fetched');
    mkdirSync(fetched);
    writeFileSync(join(fetched, 'photo.bin'), randomBytes(1_000_000));
    const unit = { kind: 'chart', chart: 'oci://r.example.com/api', release: 'api' } as const;
    const wanted = [{ ...wantedApi, chart: unit.chart }];
    const weigh = (folder: string | undefined) =>
      refuseTooBig(workspace, unit, wanted, [], () => Promise.resolve(folder));
    await expect(weigh(fetched)).rejects.toMatchObject({ code: 'E_RELEASE_TOO_BIG' });
    await expect(weigh(undefined)).resolves.toBeUndefined();
  });

  it('weighs the bundle of an overlay, and leaves an Application alone', async () => {
    const overlay = { kind: 'kustomize', folder: '.', release: '' } as const;
    const bundle = (manifest: string) => [{ name: 'api', namespace: 'shop', manifest, hooks: '' }];
    const noise = bundle(randomBytes(1_000_000).toString('base64'));
    await expect(
      refuseTooBig(workspace, overlay, [wantedApi], bundle('a: 1'), none),
    ).resolves.toBeUndefined();
    await expect(refuseTooBig(workspace, overlay, [wantedApi], noise, none)).rejects.toMatchObject({
      code: 'E_RELEASE_TOO_BIG',
      hint: expect.stringContaining('overlay'),
    });
    const application = { kind: 'argocd', application: 'shop' } as const;
    await expect(refuseTooBig(workspace, application, [wantedApi], noise, none)).resolves.toBeUndefined();
  });
});

describe('resolveTarget', () => {
  const entries = parseEntries('- {branch: main, environment: live, namespace: live}', 'environments');
  const github = { ref: 'refs/heads/other', headRef: '', eventName: 'push', event: {} };

  it('skips or refuses a branch that belongs nowhere, as is asked', () => {
    const request = { entries, branch: '', environment: '', github };
    expect(resolveTarget({ ...request, onUnmapped: 'skip' }).kind).toBe('unmapped');
    expect(() => resolveTarget({ ...request, onUnmapped: 'fail' })).toThrow(
      expect.objectContaining({ code: 'E_UNMAPPED' }),
    );
    expect(resolveTarget({ ...request, branch: 'main', onUnmapped: 'fail' }).kind).toBe('mapped');
  });
});

describe('reachesCluster', () => {
  it('looks where a kubeconfig may be', () => {
    const none = { kubeconfig: '' };
    expect(reachesCluster({ HOME: workspace }, none)).toBe(false);
    expect(reachesCluster({ HOME: workspace }, { kubeconfig: 'a' })).toBe(true);
    expect(reachesCluster({ HOME: workspace, KUBECONFIG: '/k' }, none)).toBe(true);
    expect(reachesCluster({ HOME: workspace, KUBERNETES_SERVICE_HOST: '10.0.0.1' }, none)).toBe(true);
    mkdirSync(join(workspace, '.kube'));
    writeFileSync(join(workspace, '.kube/config'), '');
    expect(reachesCluster({ HOME: workspace }, none)).toBe(true);
  });
});
