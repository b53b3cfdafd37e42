import { describe, expect, it } from '@jest/globals';
import { envInputReader } from '../../../toolkit/action/input-reader.ts';
import { readInputs, type Inputs } from './inputs.ts';

const read = (given: Record<string, string> = {}): Inputs => {
  const all = { environments: 'map.yml', strategy: 'direct', 'on-unmapped': 'skip', ...given };
  const env = Object.fromEntries(
    Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  return readInputs(envInputReader(env, () => undefined));
};

describe('readInputs', () => {
  it.each([
    [{}, { kind: 'helmfile', file: 'helmfile.yaml' }],
    [{ helmfile: 'deploy/all.yaml' }, { kind: 'helmfile', file: 'deploy/all.yaml' }],
    [
      { chart: './chart', release: 'api' },
      { kind: 'chart', chart: './chart', release: 'api' },
    ],
    [{ kustomize: './overlay' }, { kind: 'kustomize', folder: './overlay', release: '' }],
    [
      { kustomize: './o', release: 'web' },
      { kind: 'kustomize', folder: './o', release: 'web' },
    ],
    [{ 'argocd-application': 'cd/shop' }, { kind: 'argocd', application: 'cd/shop' }],
  ])('%j is one unit', (given, unit) => {
    expect(read(given).unit).toEqual(unit);
  });

  it('reads lists, durations and switches', () => {
    const given = {
      values: 'a.yaml, b.yaml\nc.yaml',
      set: 'image.tag=1,2\n\n  replicas=3  ',
      timeout: '90s',
      'lock-timeout': '0s',
      'dry-run': 'true',
      'allow-risks': 'StatefulSet/a, Service/b',
    };
    expect(read(given)).toMatchObject({
      values: ['a.yaml', 'b.yaml', 'c.yaml'],
      set: ['image.tag=1,2', 'replicas=3'],
      timeoutMs: 90_000,
      lockTimeoutMs: 0,
      dryRun: true,
      force: false,
      allowRisks: ['StatefulSet/a', 'Service/b'],
    });
  });

  it.each([
    [{ helmfile: 'a.yaml', chart: './b' }, /give one of helmfile, chart/],
    [{ kustomize: './a', 'argocd-application': 'b' }, /give one of helmfile, chart/],
    [{ release: 'api' }, /'release' goes with 'chart'/],
    [{ kustomize: './o', release: 'a/b' }, /'release' is 'a\/b'/],
    [{ 'canary-values': 'c.yaml' }, /'canary-values' goes with 'strategy: canary'/],
    [{ strategy: 'canary', 'promote-values': 'c.yaml' }, /'promote-values' goes with 'strategy: promote'/],
    [{ kustomize: './a', values: 'v.yaml' }, /values and set do not apply to kustomize/],
    [{ 'argocd-application': 'a', set: 'b=c' }, /values and set do not apply to argocd/],
    [{ set: 'no-value' }, /'set' holds 'no-value'/],
    [{ strategy: 'bluegreen' }, /'strategy'/],
    [{ timeout: '0s' }, /'timeout' must be longer/],
    [{ timeout: 'soon' }, /'timeout'/],
    [{ 'github-deployment': 'true' }, /'github-deployment' needs 'github-token'/],
    [{ environments: '' }, /'environments'/],
    [{ namspace: 'a' }, /unknown input 'namspace'/],
  ])('refuses %j', (given, problem) => {
    expect(() => read(given)).toThrow(problem);
  });
});
