import type { Operation } from './openapi.ts';

export interface Route {
  readonly operation: Operation;
  /** Decoded path parameters. */
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the operation of a request; of several that fit, the one with the most literal segments. */
export function findRoute(operations: readonly Operation[], method: string, path: string): Route | undefined {
  const segments = path.split('/').slice(1);
  let best: (Route & { literals: number }) | undefined;
  for (const operation of operations) {
    if (operation.method !== method) continue;
    const match = matchSegments(operation, segments);
    if (match !== undefined && match.literals > (best?.literals ?? -1)) best = { operation, ...match };
  }
  return best;
}

function matchSegments(
  operation: Operation,
  segments: readonly string[],
): { params: Record<string, string>; literals: number } | undefined {
  const params: Record<string, string> = {};
  let literals = 0;
  let at = 0;
  for (const [index, template] of operation.segments.entries()) {
    const name = /^\{(.+)\}$/.exec(template)?.[1];
    if (name === undefined) {
      if (segments[at] !== template) return undefined;
      literals += 1;
      at += 1;
      continue;
    }
    const greedy =
      operation.parameters.find((parameter) => parameter.name === name)?.['x-multi-segment'] === true;
    const behind = operation.segments.length - index - 1;
    const end = greedy ? Math.max(segments.length - behind, at + 1) : at + 1;
    const value = segments.slice(at, end).join('/');
    if (value === '') return undefined;
    params[name] = decodeURIComponent(value);
    at = end;
  }
  return at === segments.length ? { params, literals } : undefined;
}
