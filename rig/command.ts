import { parseArgs } from 'node:util';

export interface StartCommand {
  readonly kind: 'start';
  readonly helm: 3 | 4;
  readonly dir: string | undefined;
  /** Only the Kubernetes control plane, without Istio, Prometheus and GitHub. */
  readonly bare: boolean;
  /** Optional parts that were named. */
  readonly parts: { readonly argocd: boolean; readonly flagger: boolean; readonly rollouts: boolean };
}

export type Command =
  | StartCommand
  | { readonly kind: 'install'; readonly groups: readonly string[] }
  | { readonly kind: 'publish'; readonly reference: string; readonly folder: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'refused'; readonly reason: string };

/** Installed by a bare `install`; the other groups on request. */
export const usualGroups: readonly string[] = ['cluster', 'istio', 'prometheus', 'checks'];

const usage =
  'expected nothing or --helm=3 --dir=FOLDER --bare --argocd --flagger --rollouts, or: install [group…], publish REFERENCE FOLDER, stop';

/** What the command line asks for. `groups` are those of tools.lock. */
export function parseCommand(argv: readonly string[], groups: readonly string[]): Command {
  const [first, ...rest] = argv;
  if (first === 'install') {
    const unknown = rest.find((group) => !groups.includes(group));
    return unknown === undefined
      ? { kind: 'install', groups: rest.length === 0 ? usualGroups : rest }
      : { kind: 'refused', reason: `unknown group ${unknown}: expected ${groups.join(', ')}` };
  }
  if (first === 'publish') {
    const [reference, folder, ...more] = rest;
    return reference === undefined || folder === undefined || more.length > 0
      ? { kind: 'refused', reason: usage }
      : { kind: 'publish', reference, folder };
  }
  if (first === 'stop') return rest.length === 0 ? { kind: 'stop' } : { kind: 'refused', reason: usage };
  return parseStart(argv);
}

function parseStart(argv: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        helm: { type: 'string', default: '4' },
        dir: { type: 'string' },
        bare: { type: 'boolean', default: false },
        argocd: { type: 'boolean', default: false },
        flagger: { type: 'boolean', default: false },
        rollouts: { type: 'boolean', default: false },
      },
    });
    const { helm, dir, bare, ...parts } = values;
    if (helm !== '3' && helm !== '4') return { kind: 'refused', reason: `no Helm ${helm}: expected 3 or 4` };
    return { kind: 'start', helm: helm === '3' ? 3 : 4, dir, bare, parts };
  } catch {
    return { kind: 'refused', reason: `unknown argument in '${argv.join(' ')}': ${usage}` };
  }
}
