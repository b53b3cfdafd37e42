import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ToolError, type ErrorCode } from '../action/errors.ts';
import type { PrivateFolder } from '../files/private-folder.ts';
import { helmError } from '../helm/helm-error.ts';
import { splitHooks } from '../helm/split-hooks.ts';
import type { ProcessPort, RunResult } from '../process/process.ts';
import { areComplete } from './complete-charts.ts';
import type { HelmfilePort, HelmfileRelease, HelmfileRender, HelmfileSelection } from './helmfile.ts';
import { parseBuild, type HelmfileState } from './parse-build.ts';

export interface HelmfileOptions {
  readonly process: ProcessPort;
  /** `childEnv(env, 'cluster', { KUBECONFIG })`. */
  readonly env: Readonly<Record<string, string>>;
  readonly context: string;
  readonly cwd: string;
  readonly file: string;
  /** helmfile's own environment; '' is its default. */
  readonly environment: string;
  readonly namespace: string;
  /** Extra values files for every release, later ones win. */
  readonly values: readonly string[];
  readonly set: readonly string[];
  /** For rendered files, which hold secrets. */
  readonly folder: PrivateFolder;
  readonly helmMajor: () => Promise<3 | 4>;
  readonly onLine?: (line: string) => void;
}

/** helmfile for rendering and applying; its state is read once. */
export function helmfileCli(options: HelmfileOptions): HelmfilePort {
  const { process, env, cwd, folder } = options;
  let state: HelmfileState | undefined;
  let renders = 0;

  const run = async (
    args: readonly string[],
    what: string,
    signal: AbortSignal,
    more: { timeoutMs: number; show?: boolean; otherwise?: ErrorCode },
  ): Promise<RunResult> => {
    const argv = ['helmfile', '--file', options.file, ...globalArgs(options), ...args] as const;
    const result = await process
      .run(argv, {
        env,
        cwd,
        signal,
        timeoutMs: more.timeoutMs,
        ...(more.show === true && options.onLine !== undefined ? { onLine: options.onLine } : {}),
      })
      .catch((error: unknown) => {
        throw new ToolError(
          'E_TOOL',
          'helmfile cannot be started',
          { argv: ['helmfile'], exitCode: null, stderrTail: 'install helmfile 1.x and put it on PATH' },
          { cause: error },
        );
      });
    if (result.ended === 'cancelled' && signal.reason instanceof Error) throw signal.reason;
    // Exit code 2 would be a success with `--detailed-exitcode` only, which is never given here.
    if (result.code !== 0) throw helmError(argv, result, what, more.otherwise);
    return result;
  };

  const load = async (signal: AbortSignal): Promise<HelmfileState> => {
    if (state !== undefined) return state;
    const { stdout } = await run(['build', '--quiet'], 'reading the helmfile', signal, {
      timeoutMs: 120_000,
      otherwise: 'E_CONFIG',
    });
    state = parseBuild(stdout, options.namespace);
    return state;
  };

  const valueArgs = [
    ...options.values.flatMap((file) => ['--values', file]),
    ...options.set.flatMap((item) => ['--set', item]),
  ];

  let ready: boolean | undefined;
  /** The charts can be read as they are: no repository to refresh, no dependency to build. */
  const needsNothing = async (signal: AbortSignal): Promise<boolean> => {
    if (ready !== undefined) return ready;
    const { isPlain, releases } = await load(signal);
    const charts = releases.filter(({ installed }) => installed).map(({ chart }) => chart);
    ready = isPlain && (await areComplete(dirname(resolve(cwd, options.file)), charts));
    return ready;
  };

  const render = async (
    { releases, isUpgrade, signal }: HelmfileSelection & { readonly isUpgrade: boolean },
    isReady: boolean,
  ): Promise<HelmfileRender[]> => {
    renders += 1;
    const out = join(folder.path, `render-${renders}`);
    const helmArgs = ['--dry-run=server', ...(isUpgrade ? ['--is-upgrade'] : [])];
    await run(
      [
        ...selectors(releases),
        'template',
        '--quiet',
        '--skip-tests',
        ...(isReady ? ['--skip-deps'] : []),
        '--args',
        helmArgs.join(' '),
        '--output-dir',
        out,
        '--output-dir-template',
        '{{ .OutputDir }}/{{ .Release.Namespace }}/{{ .Release.Name }}',
        ...valueArgs,
      ],
      'rendering the helmfile',
      signal,
      { timeoutMs: 600_000, otherwise: 'E_RENDER' },
    );
    return Promise.all(
      releases.map(async ({ name, namespace }) => ({
        release: name,
        namespace,
        ...splitHooks(await readTree(join(out, namespace, name))),
      })),
    );
  };

  return {
    list: async (signal): Promise<readonly HelmfileRelease[]> => (await load(signal)).releases,
    template: async ({ releases, isUpgrade, signal }) => {
      if (releases.length === 0) return [];
      const isReady = await needsNothing(signal);
      // helmfile renders one release after the other. Where nothing else runs beside it, several of them can.
      const groups = isReady ? inGroups(releases, availableParallelism()) : [releases];
      const rendered = await Promise.all(
        groups.map((group) => render({ releases: group, isUpgrade, signal }, isReady)),
      );
      return rendered.flat();
    },
    sync: async ({ releases, timeoutMs, historyMax, description, force, signal }) => {
      if (releases.length === 0) return;
      const { historyMax: wanted } = await load(signal);
      const syncArgs = [
        ...(wanted > 0 && wanted < historyMax ? [`--history-max=${historyMax}`] : []),
        '--reset-values',
        ...(force && (await options.helmMajor()) === 4 ? ['--force-conflicts', '--server-side=true'] : []),
      ];
      await run(
        [
          ...selectors(releases),
          'sync',
          ...((await needsNothing(signal)) ? ['--skip-deps'] : []),
          '--wait',
          '--wait-for-jobs',
          '--hide-notes',
          '--timeout',
          String(Math.max(1, Math.ceil(timeoutMs / 1000))),
          '--description',
          description,
          '--sync-args',
          syncArgs.join(' '),
          ...valueArgs,
        ],
        'helmfile sync',
        signal,
        { timeoutMs: timeoutMs * releases.length * 2 + 120_000, show: true },
      );
    },
  };
}

function globalArgs({ environment, namespace, context }: HelmfileOptions): string[] {
  return [
    ...(environment === '' ? [] : ['--environment', environment]),
    '--namespace',
    namespace,
    ...(context === '' ? [] : ['--kube-context', context]),
    '--no-color',
  ];
}

function selectors(releases: readonly { name: string; namespace: string }[]): string[] {
  return releases.flatMap(({ name, namespace }) => ['--selector', `name=${name},namespace=${namespace}`]);
}

/** At most `count` groups of about the same size, none of them small enough for its start to cost more than it saves. */
function inGroups<T>(items: readonly T[], count: number): T[][] {
  const size = Math.max(4, Math.ceil(items.length / Math.min(count, 4)));
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** All files below a folder, one after the other in the order of their paths; '' when there is none. */
async function readTree(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const texts = await Promise.all(paths.toSorted().map((path) => readFile(path, 'utf8')));
  return texts.join('\n');
}
