export type RouterKind = 'virtualservice' | 'httproute' | 'ingress' | 'deployment';

/** What splits the traffic between the arms. */
export interface RouterReference {
  readonly kind: RouterKind;
  /** '' is the namespace of the current context. */
  readonly namespace: string;
  readonly name: string;
  /** Subset, backend or workload names where they are not the usual ones. */
  readonly stable: string | undefined;
  readonly canary: string | undefined;
}

const kinds: readonly RouterKind[] = ['virtualservice', 'httproute', 'ingress', 'deployment'];
const name = '[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?';

/** Says what was expected; whoever knows the input's name completes the sentence. */
export class RouterError extends Error {
  override readonly name = 'RouterError';
}

/** Parses `[namespace/]kind/name[#stable=A,canary=B]`; throws `RouterError`. */
export function parseRouter(text: string): RouterReference {
  const found = new RegExp(`^(?:(${name})/)?([a-z]+)/(${name})(?:#(.*))?$`).exec(text);
  const kind = kinds.find((one) => one === found?.[2]);
  if (found === null || kind === undefined)
    throw new RouterError(`is '${text}', expected [namespace/]kind/name with a kind of ${kinds.join(', ')}`);
  const names: Record<string, string> = {};
  for (const pair of (found[4] ?? '').split(',').filter((one) => one !== '')) {
    const [key = '', value = ''] = pair.split('=');
    if ((key !== 'stable' && key !== 'canary') || !new RegExp(`^${name}$`).test(value))
      throw new RouterError(`has '${pair}' after '#', expected stable=NAME or canary=NAME`);
    names[key] = value;
  }
  return {
    kind,
    namespace: found[1] ?? '',
    name: found[3] ?? '',
    stable: names.stable,
    canary: names.canary,
  };
}
