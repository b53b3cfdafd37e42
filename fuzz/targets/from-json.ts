import { UserError } from '../../toolkit/action/errors.ts';
import type { KubernetesObject } from '../../toolkit/kubernetes/kubernetes.ts';

/** A reader of parsed JSON as a reader of text; what is not JSON is refused before it. */
export function fromJson(read: (data: unknown) => unknown): (text: string) => unknown {
  return (text) => read(parse(text));
}

/** The same for objects of the API server, which vouches for their kind and name and for nothing below. */
export function fromObjects(
  read: (objects: readonly KubernetesObject[]) => unknown,
): (text: string) => unknown {
  return (text) => {
    const data = parse(text);
    if (!Array.isArray(data) || !data.every(isObject)) throw refused('no objects');
    return read(data);
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused('not JSON');
  }
}

function isObject(data: unknown): data is KubernetesObject {
  if (typeof data !== 'object' || data === null) return false;
  const { kind, metadata } = data as { kind?: unknown; metadata?: { name?: unknown } | null };
  return typeof kind === 'string' && typeof metadata?.name === 'string';
}

function refused(problem: string): UserError {
  return new UserError('E_CONFIG', problem, 'give the JSON of objects');
}
