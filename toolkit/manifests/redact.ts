import { at, list } from './fields.ts';
import { answersFlag, holdsSecret, isCount, saysSecret } from './secret-text.ts';

export const redacted = '(redacted)';

/** One scalar field as people may see it. */
export interface Field {
  /** `spec.template.spec.containers[app].image`. */
  readonly path: string;
  /** JSON text, or `(redacted)`. */
  readonly shown: string;
  /** JSON text, for comparing only. */
  readonly exact: string;
}

/** Every scalar of an object with its path; list items that have a `name` go by it, others by their place. */
export function fieldsOf(object: unknown): Field[] {
  const kind = at(object, 'kind');
  const fields: Field[] = [];
  const walk = (value: unknown, path: string, hidden: boolean): void => {
    if (Array.isArray(value)) {
      const names = value.map((item: unknown) => at(item, 'name'));
      const named = names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
      value.forEach((item: unknown, index) => {
        const below = `${path}[${named ? String(names[index]) : index}]`;
        walk(item, below, hidden || answersFlag(value[index - 1], item) || isSecretItem(item));
      });
      return;
    }
    if (typeof value === 'object' && value !== null) {
      for (const [key, field] of Object.entries(value)) {
        const below = path === '' ? key : `${path}.${key}`;
        const inSecret =
          (kind === 'Secret' && /^(data|stringData)(\.|$)/.test(below)) ||
          (kind === 'ConfigMap' && /^binaryData(\.|$)/.test(below));
        const annotated = below.endsWith('.annotations.kubectl.kubernetes.io/last-applied-configuration');
        walk(field, below, hidden || inSecret || annotated || (saysSecret(key) && holdsText(key, field)));
      }
      return;
    }
    const exact = JSON.stringify(value ?? null);
    const hide = hidden || (typeof value === 'string' && holdsSecret(value));
    fields.push({
      path,
      exact,
      shown: hide && exact !== 'null' && !path.endsWith('].name') ? redacted : exact,
    });
  };
  walk(object, '', false);
  return fields;
}

/** `{name: DB_PASSWORD, value: …}` of a container's environment. */
function isSecretItem(item: unknown): boolean {
  const name = at(item, 'name');
  const value = at(item, 'value');
  if (typeof name !== 'string' || value === undefined) return false;
  return saysSecret(name) && !(typeof value === 'string' && isCount(name, value));
}

/** `secretKeyRef: {name, key}` and the like name a Secret and hold none; flags and numbers are none either. */
function holdsText(key: string, field: unknown): boolean {
  return typeof field === 'string'
    ? !isCount(key, field)
    : list(field).some((item) => typeof item === 'string');
}
