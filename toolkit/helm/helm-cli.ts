import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError, UserError, type ErrorCode } from '../action/errors.ts';
import type { KubernetesObject, KubernetesPort } from '../kubernetes/kubernetes.ts';
import type { ProcessPort, RunResult } from '../process/process.ts';
import { isStatus } from '../kubernetes/kubectl-error.ts';
import { helmError } from './helm-error.ts';
import { rollbackArgs, templateArgs, upgradeArgs } from './helm-args.ts';
import type { HelmPort, ReleaseRevision } from './helm.ts';
import { failedPatch, helmSecrets, isPending, readReleaseSecret } from './release-secret.ts';
import { splitHooks } from './split-hooks.ts';

export interface HelmOptions {
  readonly process: ProcessPort;
  readonly kubernetes: KubernetesPort;
  /** `childEnv(env, 'cluster', { KUBECONFIG })`. */
  readonly env: Readonly<Record<string, string>>;
  /** '' is the current one. */
  readonly context: string;
  readonly cwd: string;
  readonly onLine?: (line: string) => void;
}

interface Version {
  readonly major: 3 | 4;
  readonly version: string;
  /** Whether `upgrade` takes `--hide-notes`: since 3.16. */
  readonly hidesNotes: boolean;
}

/** The helm on PATH for changes, its storage Secrets for the state: one request tells every revision of a namespace. */
export function helmCli(options: HelmOptions): HelmPort {
  const { process, kubernetes, env, cwd, context } = options;
  let detected: Version | undefined;

  const run = async (
    args: readonly string[],
    what: string,
    more: { signal?: AbortSignal; timeoutMs?: number; show?: boolean; otherwise?: ErrorCode } = {},
  ): Promise<RunResult> => {
    const argv = ['helm', ...args, ...(context === '' ? [] : ['--kube-context', context])] as const;
    const onLine = options.onLine;
    const result = await process
      .run(argv, {
        env,
        cwd,
        ...(more.signal === undefined ? {} : { signal: more.signal }),
        ...(more.timeoutMs === undefined ? {} : { timeoutMs: more.timeoutMs }),
        ...(more.show === true && onLine !== undefined ? { onLine } : {}),
      })
      .catch((error: unknown) => {
        throw new ToolError(
          'E_TOOL',
          'helm cannot be started',
          { argv: ['helm'], exitCode: null, stderrTail: 'install helm 3 or 4 and put it on PATH' },
          { cause: error },
        );
      });
    if (result.ended === 'cancelled' && more.signal?.reason instanceof Error) throw more.signal.reason;
    if (result.code !== 0) throw helmError(argv, result, what, more.otherwise);
    return result;
  };

  const version = async (): Promise<Version> => {
    if (detected !== undefined) return detected;
    const { stdout } = await run(['version', '--template', '{{.Version}}'], 'helm version');
    const match = /^v?(\d+)\.(\d+)\.\d+/.exec(stdout.trim());
    const major = Number(match?.[1]);
    if (major !== 3 && major !== 4) {
      throw new UserError('E_TOOL', `helm ${stdout.trim()} is not supported`, 'install helm 3 or helm 4');
    }
    const hidesNotes = major === 4 || Number(match?.[2]) >= 16;
    detected = { major, version: stdout.trim(), hidesNotes };
    return detected;
  };

  const secrets = (namespace: string, selector: string): Promise<readonly KubernetesObject[]> =>
    kubernetes.list({ resources: ['secrets'], namespace, labelSelector: selector });

  return {
    version,
    history: async (release, namespace) =>
      sorted(
        (await secrets(namespace, `${helmSecrets},name=${release}`)).flatMap(
          (s) => readReleaseSecret(s) ?? [],
        ),
      ),
    releases: async (namespace) => {
      const found = sorted(
        (await secrets(namespace, helmSecrets)).flatMap((s) => readReleaseSecret(s) ?? []),
      );
      const byName = new Map<string, ReleaseRevision[]>();
      for (const revision of found)
        byName.set(revision.name, [...(byName.get(revision.name) ?? []), revision]);
      return byName;
    },
    template: async (request) => {
      const { major } = await version();
      const { stdout } = await run(templateArgs(major, request), `rendering ${request.release}`, {
        signal: request.signal,
        timeoutMs: 300_000,
        otherwise: 'E_RENDER',
      });
      return splitHooks(stdout);
    },
    pull: async ({ chart, version: wanted, into, signal }) => {
      const args = [
        'pull',
        chart,
        ...(wanted === '' ? [] : ['--version', wanted]),
        '--untar',
        '--untardir',
        into,
      ];
      await run(args, `downloading ${chart}`, { signal, timeoutMs: 120_000 });
      const found = await readdir(into, { withFileTypes: true });
      return join(into, found.find((entry) => entry.isDirectory())?.name ?? '');
    },
    upgradeInstall: async (request) => {
      const { major, hidesNotes } = await version();
      const args = [...upgradeArgs(major, request), ...(hidesNotes ? ['--hide-notes'] : [])];
      await run(args, `helm upgrade ${request.release}`, {
        signal: request.signal,
        // Helm's timeout is per operation: hooks, then the objects, then hooks.
        timeoutMs: request.timeoutMs * 3 + 60_000,
        // Notes of a chart like to print the password it made, and the log is everybody's.
        show: hidesNotes,
      });
    },
    rollback: async (request) => {
      const { major } = await version();
      await run(rollbackArgs(major, request), `helm rollback ${request.release} ${request.revision}`, {
        signal: request.signal,
        timeoutMs: request.timeoutMs * 3 + 60_000,
        show: true,
      });
    },
    uninstall: async ({ release, namespace, signal }) => {
      await run(
        ['uninstall', release, '--namespace', namespace, '--ignore-not-found', '--timeout', '120s'],
        `helm uninstall ${release}`,
        { signal, timeoutMs: 300_000, show: true },
      );
    },
    markFailed: async (revision, why) => {
      const ref = { resource: 'secrets', name: revision.secret.name, namespace: revision.namespace };
      const secret = await kubernetes.get(ref);
      const current = secret === undefined ? undefined : readReleaseSecret(secret);
      if (secret === undefined || current === undefined || !isPending(current.status)) return;
      if (current.secret.resourceVersion !== revision.secret.resourceVersion) {
        throw new UserError(
          'E_RELEASE_BUSY',
          `release ${revision.name} changed while it was looked at`,
          'wait for the other helm to end and run again',
        );
      }
      try {
        await kubernetes.patch(ref, failedPatch(secret, why), { type: 'merge' });
      } catch (error) {
        // The answer to a patch that was done may be lost, and the next attempt then meets a newer version.
        const now = isStatus(error, 409) ? await kubernetes.get(ref) : undefined;
        const status = now === undefined ? undefined : readReleaseSecret(now)?.status;
        if (status !== 'failed') throw error;
      }
    },
  };
}

function sorted(revisions: readonly ReleaseRevision[]): ReleaseRevision[] {
  return revisions.toSorted((a, b) => a.revision - b.revision);
}
