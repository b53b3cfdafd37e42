import { byKey, keyOf, nameOf, type ManifestObject } from './manifest-object.ts';
import { fieldsOf } from './redact.ts';

export interface FieldChange {
  readonly path: string;
  /** JSON text, `(redacted)`, or undefined when the field is new. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface ObjectChange {
  readonly change: 'added' | 'removed' | 'changed';
  /** `Deployment/api`. */
  readonly object: string;
  readonly key: string;
  /** Empty for added and removed objects. */
  readonly fields: readonly FieldChange[];
}

/** What differs from `current` to `target`, object by object and field by field; secret values never show. */
export function diffManifests(
  current: readonly ManifestObject[],
  target: readonly ManifestObject[],
  namespace: string,
): ObjectChange[] {
  const before = byKey(current, namespace);
  const after = byKey(target, namespace);
  const changes: ObjectChange[] = [];
  for (const [key, object] of before) {
    const other = after.get(key);
    if (other === undefined) {
      changes.push({ change: 'removed', object: nameOf(object), key, fields: [] });
      continue;
    }
    const fields = fieldChanges(object, other);
    if (fields.length > 0) changes.push({ change: 'changed', object: nameOf(object), key, fields });
  }
  for (const object of after.values()) {
    const key = keyOf(object, namespace);
    if (!before.has(key)) changes.push({ change: 'added', object: nameOf(object), key, fields: [] });
  }
  return changes;
}

function fieldChanges(before: ManifestObject, after: ManifestObject): FieldChange[] {
  const old = new Map(fieldsOf(before).map((field) => [field.path, field]));
  const fresh = new Map(fieldsOf(after).map((field) => [field.path, field]));
  const paths = [...new Set([...old.keys(), ...fresh.keys()])];
  return paths
    .filter((path) => old.get(path)?.exact !== fresh.get(path)?.exact)
    .map((path) => ({ path, before: old.get(path)?.shown, after: fresh.get(path)?.shown }));
}
