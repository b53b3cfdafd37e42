import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { childEnv } from '../toolkit/process/child-env.ts';
import { startArgocd } from './argocd/start-argocd.ts';
import { chooseAddresses } from './cluster/addresses.ts';
import { startCluster } from './cluster/start-cluster.ts';
import { startControllers } from './controllers/start-controllers.ts';
import type { GitHubStandIn } from './github/github.ts';
import { imageStore, type ImageStore } from './images/image-store.ts';
import { installTools } from './install/install.ts';
import { startIstio } from './istio/start-istio.ts';
import { startFlagger, startRollouts } from './peers/start-peers.ts';
import { startChildren } from './processes/children.ts';
import { claimStateFolder } from './processes/state-folder.ts';
import { startPrometheus } from './prometheus/start-prometheus.ts';
import { linkClients, neededTools, type Parts } from './rig-tools.ts';

export interface RigOptions {
  /** Which Helm is `helm` on the rig's PATH. Default 4. */
  readonly helm?: 3 | 4;
  /** Also istiod and an Envoy ingress gateway. */
  readonly istio?: boolean;
  /** Also a Prometheus that scrapes annotated pods. */
  readonly prometheus?: boolean;
  /** Also Argo CD's application controller and repo server; Applications in the namespace `argocd`, destination `rig`. */
  readonly argocd?: boolean;
  /** Also the Flagger controller; asks for `prometheus`. */
  readonly flagger?: boolean;
  /** Also the Argo Rollouts controller. */
  readonly rollouts?: boolean;
  /** Also a local stand-in for GitHub's API. */
  readonly github?: boolean;
  readonly log?: (line: string) => void;
  /** Ends a start that is still under way. */
  readonly signal?: AbortSignal;
  /** A new or empty folder for the rig's state; default a temporary one that goes with the rig. */
  readonly dir?: string;
}

export interface Rig {
  readonly dir: string;
  /** kubectl, helm and helmfile (and promtool) of this rig, as links. */
  readonly binDir: string;
  readonly kubeconfig: string;
  /** '' without `prometheus`. */
  readonly prometheusUrl: string;
  /** Where the Envoy gateway serves; '' without `istio`. */
  readonly gatewayUrl: string;
  /** What a program needs to use the rig: PATH with `binDir` first, KUBECONFIG, HOME of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** What pods of this rig can run. */
  readonly images: ImageStore;
  /** Only with `github`. */
  readonly github?: GitHubStandIn;
  /** Ends everything the rig started. Can be called more than once. */
  stop(): Promise<void>;
}

/** Starts a rig of its own, beside any others. Installs missing tools first. On any failure what was started is ended. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const log = options.log ?? (() => undefined);
  const parts: Parts = {
    helm: options.helm ?? 4,
    istio: options.istio ?? false,
    prometheus: options.prometheus ?? options.flagger ?? false,
    argocd: options.argocd ?? false,
    flagger: options.flagger ?? false,
    rollouts: options.rollouts ?? false,
  };
  const folders = await installTools(neededTools(parts), { log, signal: options.signal });
  const tool = (name: string, file = name): string => join(folders.get(name) ?? name, file);

  const state = await claimStateFolder(options.dir);
  const { dir } = state;
  const children = startChildren(dir);
  let github: GitHubStandIn | undefined;
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      await github?.stop();
      await children.stopAll(1_500);
      state.release();
    })());
  const onAbort = (): void => {
    void stop();
  };
  options.signal?.addEventListener('abort', onAbort, { once: true });

  try {
    options.signal?.throwIfAborted();
    const binDir = join(dir, 'bin');
    const home = join(dir, 'home');
    mkdirSync(home, { recursive: true });
    linkClients(binDir, parts, tool);
    const images = imageStore(join(dir, 'images'));
    const addresses = await chooseAddresses(state.network);
    const place = { dir, addresses, children, tool };
    const cluster = await startCluster(place);
    const [istio, prometheus] = await Promise.all([
      parts.istio ? startIstio(place, cluster) : { gatewayUrl: '' },
      parts.prometheus ? startPrometheus(place, cluster, { gateway: parts.istio }) : { url: '' },
      startControllers(place, cluster.access, { istio: parts.istio }),
    ]);
    await Promise.all([
      parts.flagger && startFlagger(place, cluster, { istio: parts.istio, prometheusUrl: prometheus.url }),
      parts.rollouts && startRollouts(place, cluster),
      parts.argocd && startArgocd(place, cluster, binDir),
    ]);
    // Its OpenAPI description takes a second to load: only who wants it waits.
    if (options.github === true) github = await (await import('./github/github.ts')).startGitHub();
    const plain = childEnv(process.env, 'plain');
    return {
      dir,
      binDir,
      kubeconfig: cluster.kubeconfig,
      prometheusUrl: prometheus.url,
      gatewayUrl: istio.gatewayUrl,
      env: {
        ...plain,
        PATH: `${binDir}${delimiter}${plain.PATH ?? ''}`,
        HOME: home,
        KUBECONFIG: cluster.kubeconfig,
        // It would ask for newer releases on the internet.
        HELMFILE_UPGRADE_NOTICE_DISABLED: 'true',
      },
      images,
      ...(github === undefined ? {} : { github }),
      stop,
    };
  } catch (error) {
    await stop();
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}
