import { at, list } from './fields.ts';

export const redacted = '(redacted)';

/** Names that say their value is secret, whatever kind of object they are in. */
const secretName =
  /pass(word|wd|phrase)?$|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|auth$|dsn$|_key$/i;
const secretValue =
  /:\/\/[^/\s:@]+:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----|\beyJ[\w-]{10,}\.[\w-]{10,}\./;

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
  const isSecret = at(object, 'kind') === 'Secret';
  const fields: Field[] = [];
  const walk = (value: unknown, path: string, hidden: boolean): void => {
    if (Array.isArray(value)) {
      const names = value.map((item: unknown) => at(item, 'name'));
      const named = names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
      value.forEach((item: unknown, index) => {
        walk(item, `${path}[${named ? String(names[index]) : index}]`, hidden || isSecretItem(item));
      });
      return;
    }
    if (typeof value === 'object' && value !== null) {
      for (const [key, field] of Object.entries(value)) {
        const below = path === '' ? key : `${path}.${key}`;
        const inSecret = isSecret && /^(data|stringData)(\.|$)/.test(below);
        const annotated = below.endsWith('.annotations.kubectl.kubernetes.io/last-applied-configuration');
        walk(
          field,
          below,
          hidden ||
            inSecret ||
            annotated ||
            (secretName.test(key) && !/name$/i.test(key) && !isReference(field)),
        );
      }
      return;
    }
    const exact = JSON.stringify(value ?? null);
    const hide = hidden || secretValue.test(exact);
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
  return typeof name === 'string' && at(item, 'value') !== undefined && secretName.test(name);
}

/** `secretKeyRef: {name, key}` and the like name a Secret and hold none; flags and numbers are none either. */
function isReference(field: unknown): boolean {
  return typeof field !== 'string' || list(field).length > 0;
}
