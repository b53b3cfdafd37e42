/** The real Argo CD of a rig of its own, and Applications on it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { startRig, type Rig } from '../../rig/rig.ts';
import { applications } from '../../toolkit/argocd/application.ts';
import type { KubernetesObject } from '../../toolkit/kubernetes/kubernetes.ts';
import { withSite, type DeploySite } from './deploy-site.ts';
import type { BundleResult, BundleRun } from './run-bundle.ts';

/** Starts a rig with Argo CD for the tests of a file and makes it theirs. */
export function useArgocd(): void {
  const before = process.env.GD_RIG;
  let rig: Rig | undefined;
  beforeAll(async () => {
    rig = await startRig({ argocd: true, log: (line) => process.stderr.write(`${line}\n`) });
    const { dir, binDir, kubeconfig, env } = rig;
    process.env.GD_RIG = JSON.stringify({ dir, binDir, kubeconfig, prometheusUrl: '', gatewayUrl: '', env });
  }, 900_000);
  afterAll(async () => {
    process.env.GD_RIG = before;
    await rig?.stop();
  });
}

/** The repository `example/shop` of the run, with one manifest; `commit` writes it and gives the commit's name. */
export function repository(): { url: string; commit: (manifest: string) => string; remove: () => void } {
  const base = mkdtempSync(join(tmpdir(), 'gd-argocd-'));
  const folder = join(base, 'example/shop');
  mkdirSync(folder, { recursive: true });
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-C', folder, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  git('init', '--quiet', '--initial-branch=main');
  return {
    url: `file://${folder}`,
    commit: (manifest) => {
      writeFileSync(join(folder, 'all.yaml'), manifest);
      git('add', 'all.yaml');
      git('commit', '--quiet', '--allow-empty', '-m', 'change');
      return git('rev-parse', 'HEAD');
    },
    remove: () => {
      rmSync(base, { recursive: true, force: true });
    },
  };
}

export interface ApplicationTools {
  readonly commit: (manifest: string) => string;
  readonly deploy: (
    sha: string,
    inputs?: Readonly<Record<string, string>>,
    run?: Partial<BundleRun>,
  ) => Promise<BundleResult>;
  readonly application: () => Promise<KubernetesObject>;
  readonly patch: (patch: unknown) => Promise<unknown>;
}

/** A site whose namespace an Application of its name deploys to, from a repository of its own. */
export async function withApplication(
  name: string,
  body: (site: DeploySite, tools: ApplicationTools) => Promise<void>,
): Promise<void> {
  await withSite(name, 4, async (site) => {
    const source = repository();
    const ref = { resource: applications, name: site.namespace, namespace: 'argocd' };
    await site.kubernetes.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: site.namespace, namespace: 'argocd' },
      spec: {
        project: 'default',
        source: { repoURL: source.url, path: '.', targetRevision: 'main' },
        destination: { name: 'rig', namespace: site.namespace },
      },
    });
    try {
      await body(site, {
        commit: source.commit,
        deploy: (sha, inputs = {}, run = {}) =>
          site.deploy(
            { chart: '', release: '', 'argocd-application': site.namespace, ...inputs },
            { ...run, env: { ...run.env, GITHUB_SHA: sha } },
          ),
        application: async () => {
          const found = await site.kubernetes.get(ref);
          if (found === undefined) throw new Error('no Application');
          return found;
        },
        patch: (patch) => site.kubernetes.patch(ref, patch, { type: 'merge' }),
      });
    } finally {
      await site.kubernetes.delete(ref);
      source.remove();
    }
  });
}

/** What the ConfigMap `settings` says. */
export const valueIn = async ({ kubernetes, namespace }: DeploySite): Promise<unknown> =>
  (
    (await kubernetes.get({ resource: 'configmaps', name: 'settings', namespace }))?.data as
      { value?: string } | undefined
  )?.value;
