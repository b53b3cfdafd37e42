import { mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { childEnv } from '../toolkit/process/child-env.ts';
import { chooseAddresses } from './cluster/addresses.ts';
import { startCluster } from './cluster/start-cluster.ts';
import { startControllers } from './controllers/start-controllers.ts';
import { installTools } from './install/install.ts';
import { startChildren } from './processes/children.ts';
import { claimStateFolder } from './processes/state-folder.ts';

export interface RigOptions {
  /** Which Helm is `helm` on the rig's PATH. Default 4. */
  readonly helm?: 3 | 4;
  readonly log?: (line: string) => void;
  /** Ends a start that is still under way. */
  readonly signal?: AbortSignal;
  /** Where the rig keeps its state; default a temporary folder that goes with it. */
  readonly dir?: string;
}

export interface Rig {
  readonly dir: string;
  /** kubectl, helm and helmfile of this rig, as links. */
  readonly binDir: string;
  readonly kubeconfig: string;
  /** What a program needs to use the rig: PATH with `binDir` first, KUBECONFIG, HOME of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends everything the rig started. Can be called more than once. */
  stop(): Promise<void>;
}

/** Starts a rig of its own, beside any others. Installs missing tools first. On any failure what was started is ended. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const log = options.log ?? (() => undefined);
  const helm = options.helm === 3 ? 'helm3' : 'helm';
  const names = [
    'etcd',
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'kwok',
    'kwok-stages',
  ];
  const clients = ['kubectl', helm, 'helmfile'];
  const folders = await installTools([...names, ...clients], { log, signal: options.signal });
  const tool = (name: string, file = name): string => join(folders.get(name) ?? name, file);

  const state = await claimStateFolder(options.dir);
  const { dir } = state;
  const children = startChildren(dir);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      await children.stopAll(3_000);
      state.release();
    })());

  const onAbort = (): void => {
    void stop();
  };
  options.signal?.addEventListener('abort', onAbort, { once: true });

  try {
    const binDir = join(dir, 'bin');
    const home = join(dir, 'home');
    for (const folder of [binDir, home]) mkdirSync(folder, { recursive: true });
    for (const name of clients) {
      const program = name === 'helm3' ? 'helm' : name;
      symlinkSync(tool(name, program), join(binDir, program));
    }
    const addresses = await chooseAddresses(state.network);
    const cluster = await startCluster({ dir, addresses, children, tool });
    await startControllers(dir, cluster.access, children);
    options.signal?.throwIfAborted();
    options.signal?.removeEventListener('abort', onAbort);
    const plain = childEnv(process.env, 'plain');
    return {
      dir,
      binDir,
      kubeconfig: cluster.kubeconfig,
      env: {
        ...plain,
        PATH: `${binDir}${delimiter}${plain.PATH ?? ''}`,
        HOME: home,
        KUBECONFIG: cluster.kubeconfig,
        // It would ask for newer releases on the internet.
        HELMFILE_UPGRADE_NOTICE_DISABLED: 'true',
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
