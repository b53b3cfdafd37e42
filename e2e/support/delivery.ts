/** A namespace with real Helm releases and a ledger, for tests of what a rollback makes of them. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { watchedResources } from '../../toolkit/health/judge-health.ts';
import { systemClock } from '../../toolkit/clock/clock.ts';
import { helmCli } from '../../toolkit/helm/helm-cli.ts';
import type { HelmPort, ReleaseRevision } from '../../toolkit/helm/helm.ts';
import { kubectl } from '../../toolkit/kubernetes/kubectl.ts';
import type { KubernetesObject, KubernetesPort } from '../../toolkit/kubernetes/kubernetes.ts';
import { leaseName } from '../../toolkit/ledger/lease-record.ts';
import { putEntry } from '../../toolkit/ledger/ledger-edit.ts';
import { configMapLedger } from '../../toolkit/ledger/ledger-store.ts';
import type {
  Ledger,
  LedgerEntry,
  LedgerRelease,
  LedgerWorkload,
  Phase,
} from '../../toolkit/ledger/ledger.ts';
import { revisionResources, workloadsOf } from '../../toolkit/ledger/live-workloads.ts';
import { parseManifests } from '../../toolkit/manifests/parse-manifests.ts';
import { systemProcess } from '../../toolkit/process/process.ts';
import { eventually } from './eventually.ts';
import { helmFolder, type HelmMajor } from './helm-folders.ts';
import { rig, tool } from './rig.ts';
import { runBundle, type BundleResult, type BundleRun } from './run-bundle.ts';

export interface DeployedRelease {
  readonly name: string;
  /** Templates of its chart as they stand. */
  readonly manifest: string;
  readonly needs?: readonly string[];
}

export interface DeployOptions {
  /** Waits this long for the workloads, as Helm writes durations; default: not at all. */
  readonly wait?: string;
  /** Goes on when Helm fails, as it does for a release that never comes up. */
  readonly tolerate?: boolean;
  /** Revisions that Helm keeps; default 20. */
  readonly historyMax?: number;
  /** Patches objects as Helm 3 does; Helm 4 goes on so with every release that Helm 3 installed. */
  readonly clientSide?: boolean;
}

export interface Delivery {
  readonly namespace: string;
  readonly major: HelmMajor;
  readonly env: Readonly<Record<string, string>>;
  readonly helm: HelmPort;
  readonly kubernetes: KubernetesPort;
  /** Runs helm itself; throws with its stderr when it fails. */
  readonly runHelm: (...args: string[]) => Promise<string>;
  /** `helm upgrade --install` of each release with changed templates, and a ledger entry as a deploy writes it. */
  readonly deploy: (
    gitSha: string,
    releases: readonly DeployedRelease[],
    phase: Phase,
    options?: DeployOptions,
  ) => Promise<LedgerEntry>;
  readonly ledger: () => Promise<Ledger>;
  /** Adds an entry to the ledger, for units that are not Helm's. */
  readonly note: (entry: LedgerEntry) => Promise<void>;
  readonly current: (release: string) => Promise<ReleaseRevision>;
  readonly get: (resource: string, name: string) => Promise<KubernetesObject | undefined>;
  readonly rollback: (
    inputs?: Readonly<Record<string, string>>,
    run?: Partial<BundleRun>,
  ) => Promise<BundleResult>;
  /** Adds the node that pods of `stuck` and `fails` manifests ask for, until `body` is over. */
  readonly withNode: (body: () => Promise<void>) => Promise<void>;
  /** Who holds the lock of the namespace; undefined: nobody. */
  readonly lockHolder: () => Promise<string | undefined>;
  readonly stop: () => Promise<void>;
}

let count = 0;

/** Runs `body` with a namespace of its own, so that tests can run beside each other. */
export async function withDelivery(
  name: string,
  major: HelmMajor,
  body: (delivery: Delivery) => Promise<void>,
  environment = 'test',
): Promise<void> {
  const delivery = await startDelivery(name, major, environment);
  try {
    await body(delivery);
  } finally {
    await delivery.stop();
  }
}

/** A fresh namespace `<name>-<helm major>-<number>`. */
export async function startDelivery(name: string, major: HelmMajor, environment = 'test'): Promise<Delivery> {
  count += 1;
  const namespace = `rb-${name}-h${major}-${process.pid}-${count}`;
  const folder = mkdtempSync(join(tmpdir(), 'gd-charts-'));
  const base = rig().env;
  const env = { ...base, PATH: [await helmFolder(major), base.PATH ?? ''].join(delimiter) };
  const kubernetes = kubectl({ process: systemProcess, clock: systemClock, env, context: '' });
  const helm = helmCli({ process: systemProcess, kubernetes, env, context: '', cwd: folder });
  const store = configMapLedger(kubernetes);
  await tool('kubectl', ['create', 'namespace', namespace]);

  const runHelm = async (...args: string[]): Promise<string> => {
    const result = await systemProcess.run(['helm', ...args, '--namespace', namespace], { env, cwd: folder });
    if (result.code !== 0) throw new Error(`helm ${args.join(' ')}: ${result.stderr}`);
    return result.stdout;
  };
  const current = async (release: string): Promise<ReleaseRevision> => {
    const last = (await helm.history(release, namespace)).at(-1);
    if (last === undefined) throw new Error(`${release} is not installed`);
    return last;
  };

  // What waits for a node waits for the one of its own namespace: tests run beside each other.
  const own = (release: DeployedRelease): DeployedRelease => ({
    ...release,
    manifest: release.manifest.replaceAll('{pool: nowhere}', `{pool: ${namespace}}`),
  });

  const upgrade = async (
    { name: release, manifest }: DeployedRelease,
    { wait, tolerate = false, historyMax = 20, clientSide = false }: DeployOptions,
  ): Promise<void> => {
    const chart = join(folder, release);
    rmSync(chart, { recursive: true, force: true });
    mkdirSync(join(chart, 'templates'), { recursive: true });
    writeFileSync(join(chart, 'Chart.yaml'), `apiVersion: v2\nname: ${release}\nversion: 1.0.0\n`);
    writeFileSync(join(chart, 'templates', 'all.yaml'), manifest);
    const waits = wait === undefined ? [] : [major === 4 ? '--wait=watcher' : '--wait', '--timeout', wait];
    const side = clientSide && major === 4 ? ['--server-side=false'] : [];
    const max = ['--history-max', String(historyMax)];
    await runHelm('upgrade', '--install', release, chart, ...max, ...side, ...waits).catch(
      (error: unknown) => {
        if (!tolerate) throw error;
      },
    );
  };

  return {
    namespace,
    major,
    env,
    helm,
    kubernetes,
    runHelm,
    current,
    ledger: async () => (await store.read(namespace, environment)).ledger,
    note: async (entry) => {
      await store.update(namespace, environment, (ledger) => putEntry(ledger, entry));
    },
    get: (resource, object) => kubernetes.get({ resource, name: object, namespace }),
    deploy: async (gitSha, releases, phase, options = {}) => {
      const records: LedgerRelease[] = [];
      for (const release of releases.map(own)) {
        const before = (await helm.history(release.name, namespace)).at(-1);
        const isSame =
          before?.manifest.trim() ===
          `---\n# Source: ${release.name}/templates/all.yaml\n${release.manifest.trim()}`;
        if (!isSame || before.status !== 'deployed') await upgrade(release, options);
        const record = recordOf(release, namespace, before, await current(release.name), phase);
        records.push({ ...record, workloads: await workloadsIn(kubernetes, namespace, release.manifest) });
      }
      const entry = entryOf(gitSha, phase, records);
      await store.update(namespace, environment, (ledger) => putEntry(ledger, entry));
      return entry;
    },
    rollback: (inputs = {}, run = {}) =>
      runBundle({
        ...run,
        action: 'rollback',
        inputs: { namespace, environment, timeout: '40s', ...inputs },
        env: { ...env, ...run.env },
      }),
    withNode: async (body) => {
      await kubernetes.create({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name: namespace,
          labels: { pool: namespace },
          annotations: { 'kwok.x-k8s.io/node': 'fake' },
        },
        spec: {},
      });
      try {
        await eventually(async () => isReady(await kubernetes.get({ resource: 'nodes', name: namespace })));
        await body();
      } finally {
        await kubernetes.delete({ resource: 'nodes', name: namespace });
      }
    },
    lockHolder: async () => {
      const lease = await kubernetes.get({
        resource: 'leases.coordination.k8s.io',
        name: leaseName,
        namespace,
      });
      return (lease?.spec as { holderIdentity?: string } | undefined)?.holderIdentity;
    },
    stop: async () => {
      rmSync(folder, { recursive: true, force: true });
      await tool('kubectl', ['delete', 'namespace', namespace, '--wait=false']);
    },
  };
}

/** A deploy as the ledger keeps it. */
export function entryOf(gitSha: string, phase: Phase, releases: readonly LedgerRelease[]): LedgerEntry {
  const now = new Date().toISOString();
  return {
    id: `deploy-${createHash('sha256').update(`${gitSha}${now}`).digest('hex').slice(0, 8)}`,
    startedAt: now,
    updatedAt: now,
    gitSha,
    branch: 'main',
    runUrl: '',
    actor: 'octocat',
    strategy: 'direct',
    phase,
    reason: '',
    releases,
  };
}

function isReady(node: KubernetesObject | undefined): boolean {
  const status = node?.status as { conditions?: { type: string; status: string }[] } | undefined;
  const taints = (node?.spec as { taints?: unknown[] } | undefined)?.taints ?? [];
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && taints.length === 0;
}

/** The pods' generation, as a deploy records it once all is up. */
async function workloadsIn(
  kubernetes: KubernetesPort,
  namespace: string,
  manifest: string,
): Promise<readonly LedgerWorkload[]> {
  const objects = parseManifests(manifest)
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind))
    .map(({ kind, metadata: { name } }) => ({ kind, name, namespace }));
  if (objects.length === 0) return [];
  let workloads: readonly LedgerWorkload[] = [];
  await eventually(async () => {
    const live = await kubernetes.list({ resources: [...watchedResources, ...revisionResources], namespace });
    workloads = workloadsOf(objects, live);
    return workloads.length === objects.length;
  });
  return workloads;
}

/** What the ledger keeps of one release; a revision that did not change stays verified. */
export function recordOf(
  release: Pick<DeployedRelease, 'name' | 'needs'>,
  namespace: string,
  before: ReleaseRevision | undefined,
  after: ReleaseRevision,
  phase: Phase,
): LedgerRelease {
  return {
    name: release.name,
    namespace,
    kind: 'helm',
    chart: after.chart,
    chartVersion: after.chartVersion,
    revision: after.revision,
    previousRevision: before?.revision ?? 0,
    manifestSha256: after.manifestSha256,
    valuesSha256: after.valuesSha256,
    images: [],
    workloads: [],
    phase: after.revision === before?.revision ? 'verified' : phase,
    needs: (release.needs ?? []).map((need) => `${namespace}/${need}`),
  };
}
