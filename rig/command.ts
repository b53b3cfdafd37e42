export type Command =
  | { readonly kind: 'start'; readonly options: { readonly helm: 3 | 4 } }
  | { readonly kind: 'install'; readonly groups: readonly string[] }
  | { readonly kind: 'stop' }
  | { readonly kind: 'refused'; readonly reason: string };

/** Installed by a bare `install`; the other groups on request. */
const usualGroups = ['cluster', 'istio', 'prometheus', 'checks'];

/** What the command line asks for. `groups` are those of tools.lock. */
export function parseCommand(argv: readonly string[], groups: readonly string[]): Command {
  const [first, ...rest] = argv;
  switch (first) {
    case undefined:
    case '--helm=4':
      return rest.length === 0 ? { kind: 'start', options: { helm: 4 } } : refused(rest[0]);
    case '--helm=3':
      return rest.length === 0 ? { kind: 'start', options: { helm: 3 } } : refused(rest[0]);
    case 'stop':
      return rest.length === 0 ? { kind: 'stop' } : refused(rest[0]);
    case 'install': {
      const unknown = rest.find((group) => !groups.includes(group));
      if (unknown !== undefined) {
        return { kind: 'refused', reason: `unknown group ${unknown}: expected ${groups.join(', ')}` };
      }
      return { kind: 'install', groups: rest.length === 0 ? usualGroups : rest };
    }
    default:
      return refused(first);
  }
}

function refused(argument: string | undefined): Command {
  return {
    kind: 'refused',
    reason: `unknown argument ${argument ?? ''}: expected nothing, --helm=3, install [group…] or stop`,
  };
}
