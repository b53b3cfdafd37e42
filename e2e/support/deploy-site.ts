/** A consumer's folder with one chart and a namespace of its own, deployed by the shipped bundle. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { systemClock } from '../../toolkit/clock/clock.ts';
import { helmCli } from '../../toolkit/helm/helm-cli.ts';
import type { ReleaseRevision } from '../../toolkit/helm/helm.ts';
import { kubectl } from '../../toolkit/kubernetes/kubectl.ts';
import type { KubernetesObject, KubernetesPort } from '../../toolkit/kubernetes/kubernetes.ts';
import { configMapLedger } from '../../toolkit/ledger/ledger-store.ts';
import type { Ledger } from '../../toolkit/ledger/ledger.ts';
import { systemProcess } from '../../toolkit/process/process.ts';
import { helmFolder, type HelmMajor } from './helm-folders.ts';
import { rig, tool } from './rig.ts';
import { runBundle, type BundleResult, type BundleRun } from './run-bundle.ts';

export interface DeploySite {
  readonly namespace: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly kubernetes: KubernetesPort;
  /** Writes the chart's only template. */
  readonly chart: (manifest: string) => void;
  readonly deploy: (
    inputs?: Readonly<Record<string, string>>,
    run?: Partial<BundleRun>,
  ) => Promise<BundleResult>;
  readonly helm: (...args: string[]) => Promise<void>;
  /** Of the release `app` when none is named. */
  readonly history: (release?: string) => Promise<readonly ReleaseRevision[]>;
  readonly ledger: () => Promise<Ledger>;
  readonly lease: () => Promise<KubernetesObject | undefined>;
}

let count = 0;

/** Runs `body` with a fresh site and removes it afterwards. */
export async function withSite(
  name: string,
  major: HelmMajor,
  body: (site: DeploySite) => Promise<void>,
): Promise<void> {
  count += 1;
  const namespace = `dp-${name}-h${major}-${process.pid}-${count}`;
  const folder = mkdtempSync(join(tmpdir(), 'gd-site-'));
  const base = rig().env;
  const env = { ...base, PATH: [await helmFolder(major), base.PATH ?? ''].join(delimiter) };
  const kubernetes = kubectl({ process: systemProcess, clock: systemClock, env, context: '' });
  const helm = helmCli({ process: systemProcess, kubernetes, env, context: '', cwd: folder });
  mkdirSync(join(folder, 'chart/templates'), { recursive: true });
  writeFileSync(join(folder, 'chart/Chart.yaml'), 'apiVersion: v2\nname: app\nversion: 1.0.0\n');
  const environments = `- {branch: main, environment: test, namespace: ${namespace}}`;
  try {
    await body({
      namespace,
      folder,
      env,
      kubernetes,
      chart: (manifest) => {
        writeFileSync(join(folder, 'chart/templates/all.yaml'), manifest);
      },
      deploy: (inputs = {}, run = {}) =>
        runBundle({
          ...run,
          action: 'helm-deploy',
          inputs: { environments, chart: './chart', release: 'app', timeout: '40s', ...inputs },
          cwd: folder,
          env: { ...env, ...run.env },
        }),
      helm: async (...args) => {
        const result = await systemProcess.run(['helm', ...args, '--namespace', namespace], {
          env,
          cwd: folder,
        });
        if (result.code !== 0) throw new Error(result.stderr);
      },
      history: (release = 'app') => helm.history(release, namespace),
      ledger: async () => (await configMapLedger(kubernetes).read(namespace, 'test')).ledger,
      lease: () =>
        kubernetes.get({ resource: 'leases.coordination.k8s.io', name: 'gated-delivery', namespace }),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await tool('kubectl', ['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found']);
  }
}

/** A Deployment that no node takes when `stuck`: Helm waits for it until its timeout. */
export function app(version: string, stuck = false, name = 'app'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      ${stuck ? 'nodeSelector: {no: such}' : 'nodeSelector: {}'}
      containers: [{name: main, image: "shop/${name}:${version}"}]
`;
}

/** A release of somebody else beside `app`: its helm was killed in the installation, which is pending for ever. */
export async function othersPending(site: DeploySite): Promise<void> {
  site.chart(app('1', true, 'others'));
  const args = ['install', 'others', './chart', '--namespace', site.namespace, '--wait', '--timeout', '60s'];
  const helm = spawn('helm', args, { cwd: site.folder, env: { ...site.env }, stdio: 'ignore' });
  await untilPending(site, 'others');
  helm.kill('SIGKILL');
}

/** Resolves as soon as the release has a pending revision. */
export async function untilPending(site: DeploySite, release = 'app'): Promise<ReleaseRevision> {
  for (let tries = 0; tries < 300; tries += 1) {
    const last = (await site.history(release)).at(-1);
    if (last?.status.startsWith('pending-') === true) return last;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the release never was pending');
}
