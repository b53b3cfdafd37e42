import { UserError } from '../../../toolkit/action/errors.ts';
import { isLabel } from '../../../toolkit/environments/slug.ts';
import type { InputReader } from '../../../toolkit/action/input-reader.ts';
import { parseProvedImages, type ProvedImage } from './proved-images.ts';

/** What is deployed: exactly one kind. */
export type UnitInput =
  | { readonly kind: 'helmfile'; readonly file: string }
  | { readonly kind: 'chart'; readonly chart: string; readonly release: string }
  | { readonly kind: 'kustomize'; readonly folder: string; readonly release: string }
  | { readonly kind: 'argocd'; readonly application: string };

export interface Inputs {
  readonly environments: string;
  readonly branch: string;
  readonly environment: string;
  readonly unit: UnitInput;
  readonly values: readonly string[];
  readonly set: readonly string[];
  readonly kubeconfig: string;
  readonly kubeContext: string;
  readonly timeoutMs: number;
  readonly stableMs: number;
  readonly strategy: 'direct' | 'canary' | 'promote';
  readonly canaryValues: readonly string[];
  readonly promoteValues: readonly string[];
  readonly onUnmapped: 'skip' | 'fail';
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly provedImages: readonly ProvedImage[];
  readonly allowRisks: readonly string[];
  readonly lockTimeoutMs: number;
  readonly previewSweep: boolean;
  readonly githubDeployment: boolean;
  readonly githubToken: string;
}

/** Reads and checks every input; throws E_CONFIG naming the input. */
export function readInputs(reader: InputReader): Inputs {
  const inputs: Inputs = {
    environments: reader.required('environments'),
    branch: reader.text('branch'),
    environment: reader.text('environment'),
    unit: readUnit(reader),
    values: reader.list('values'),
    set: lines(reader.text('set')),
    kubeconfig: reader.text('kubeconfig'),
    kubeContext: reader.text('kube-context'),
    timeoutMs: positive('timeout', reader.duration('timeout') ?? 300_000),
    stableMs: reader.duration('stable-for') ?? 500,
    strategy: reader.choice('strategy', ['direct', 'canary', 'promote']),
    canaryValues: reader.list('canary-values'),
    promoteValues: reader.list('promote-values'),
    onUnmapped: reader.choice('on-unmapped', ['skip', 'fail']),
    dryRun: reader.boolean('dry-run'),
    force: reader.boolean('force'),
    provedImages: parseProvedImages(reader.text('proved-images')),
    allowRisks: reader.list('allow-risks'),
    lockTimeoutMs: reader.duration('lock-timeout') ?? 600_000,
    previewSweep: reader.boolean('preview-sweep'),
    githubDeployment: reader.boolean('github-deployment'),
    githubToken: reader.secret('github-token'),
  };
  reader.refuseUnknown();
  refuseContradictions(inputs);
  return inputs;
}

function readUnit(reader: InputReader): UnitInput {
  const helmfile = reader.text('helmfile');
  const chart = reader.text('chart');
  const release = reader.text('release');
  const kustomize = reader.text('kustomize');
  const application = reader.text('argocd-application');
  const given = [helmfile, chart, kustomize, application].filter((value) => value !== '');
  if (given.length > 1)
    throw refused('give one of helmfile, chart, kustomize and argocd-application, not several');
  if (release !== '' && chart === '' && kustomize === '')
    throw refused("'release' goes with 'chart' or 'kustomize' only");
  if (kustomize !== '' && release !== '' && !isLabel(release, 53))
    throw refused(`'release' is '${release}', not a name of at most 53 characters`);
  if (chart !== '') return { kind: 'chart', chart, release };
  if (kustomize !== '') return { kind: 'kustomize', folder: kustomize, release };
  if (application !== '') return { kind: 'argocd', application };
  return { kind: 'helmfile', file: helmfile === '' ? 'helmfile.yaml' : helmfile };
}

function refuseContradictions(inputs: Inputs): void {
  const { strategy, canaryValues, promoteValues, unit, values, set, githubDeployment, githubToken } = inputs;
  if (githubDeployment && githubToken === '') throw refused("'github-deployment' needs 'github-token'");
  if (canaryValues.length > 0 && strategy !== 'canary')
    throw refused(`'canary-values' goes with 'strategy: canary', not ${strategy}`);
  if (promoteValues.length > 0 && strategy !== 'promote')
    throw refused(`'promote-values' goes with 'strategy: promote', not ${strategy}`);
  const takesValues = unit.kind === 'helmfile' || unit.kind === 'chart';
  if (!takesValues && [...values, ...set, ...canaryValues, ...promoteValues].length > 0)
    throw refused(`values and set do not apply to ${unit.kind}`);
  const broken = set.find((item) => !/^[^=\s]+=/.test(item));
  if (broken !== undefined) throw refused(`'set' holds '${broken}', expected key=value on each line`);
}

function positive(name: string, ms: number): number {
  if (ms <= 0) throw refused(`'${name}' must be longer than nothing`);
  return ms;
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function refused(problem: string): UserError {
  return new UserError('E_CONFIG', problem, "correct the inputs under 'with:' of the step");
}
