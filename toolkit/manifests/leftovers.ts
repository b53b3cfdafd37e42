import { at, text } from './fields.ts';
import type { ManifestObject } from './manifest-object.ts';

/** A field or list item that a given-up revision brought, and that is still there although the target has none. */
export interface Leftover {
  /** `spec.template.spec.containers[proxy]`. */
  readonly field: string;
  /** JSON patch operations that take it out, each guarded by the names on its way. */
  readonly patch: readonly PatchOperation[];
}

export type PatchOperation =
  | { readonly op: 'test'; readonly path: string; readonly value: string }
  | { readonly op: 'remove'; readonly path: string };

/** How many replicas there are is the autoscaler's or an operator's when the target does not say. */
const ownedByOthers = new Set(['/spec/replicas']);
const parts = ['spec', 'data', 'stringData', 'binaryData', 'rules', 'subjects', 'webhooks'];

/**
 * What given-up revisions left in a live object. Helm merges from the last revision that worked, so what a failed
 * upgrade added belongs to no side of its comparison and stays (helm#13346). Defaults of the server and what others
 * wrote are in no given-up manifest, and thus never touched.
 */
export function findLeftovers(
  givenUp: readonly ManifestObject[],
  target: ManifestObject,
  live: ManifestObject,
): Leftover[] {
  const found: Leftover[] = [];
  const step = (name: string): Place => ({ path: `/${name}`, field: name, guards: [] });
  for (const part of parts) {
    compare(
      step(part),
      givenUp.map((object) => object[part]),
      target[part],
      live[part],
      found,
    );
  }
  for (const part of ['labels', 'annotations']) {
    const place = { path: `/metadata/${part}`, field: `metadata.${part}`, guards: [] };
    const of = (object: ManifestObject): unknown => at(object, 'metadata', part);
    compare(place, givenUp.map(of), of(target) ?? {}, of(live), found);
  }
  return found;
}

/** All patches in one: what lies deeper and further back goes first, so that no index moves before it is used. */
export function leftoverPatch(leftovers: readonly Leftover[]): PatchOperation[] {
  return leftovers.flatMap(({ patch }) => patch);
}

interface Place {
  readonly path: string;
  readonly field: string;
  readonly guards: readonly PatchOperation[];
}

function compare(
  place: Place,
  given: readonly unknown[],
  target: unknown,
  live: unknown,
  found: Leftover[],
): void {
  if (isNamedList(live)) {
    if (target === undefined || target === null || isNamedList(target))
      compareLists(place, given, target ?? [], live, found);
    return;
  }
  if (!isMap(live) || Array.isArray(target)) return;
  const wanted = isMap(target) ? target : {};
  for (const [key, value] of Object.entries(live)) {
    const below: Place = {
      path: `${place.path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      field: `${place.field}.${key}`,
      guards: place.guards,
    };
    const theirs = given.map((other) => (isMap(other) ? other[key] : undefined)).filter(isGiven);
    if (theirs.length === 0 || ownedByOthers.has(below.path)) continue;
    if (isGiven(wanted[key])) compare(below, theirs, wanted[key], value, found);
    else found.push({ field: below.field, patch: [...below.guards, { op: 'remove', path: below.path }] });
  }
}

function compareLists(
  place: Place,
  given: readonly unknown[],
  target: unknown,
  live: readonly unknown[],
  found: Leftover[],
): void {
  const named = (items: unknown, name: string): unknown =>
    isNamedList(items) ? items.find((item) => nameOf(item) === name) : undefined;
  const gone: Leftover[] = [];
  live.forEach((item, index) => {
    const name = nameOf(item);
    const path = `${place.path}/${index}`;
    const guards: PatchOperation[] = [...place.guards, { op: 'test', path: `${path}/name`, value: name }];
    const field = `${place.field}[${name}]`;
    const theirs = given.map((other) => named(other, name)).filter(isGiven);
    if (theirs.length === 0) return;
    const wanted = named(target, name);
    if (wanted === undefined) gone.unshift({ field, patch: [...guards, { op: 'remove', path }] });
    else compare({ path, field, guards }, theirs, wanted, item, found);
  });
  found.push(...gone);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(item: unknown): string {
  return text(at(item, 'name'));
}

function isNamedList(value: unknown): value is readonly unknown[] {
  if (!Array.isArray(value)) return false;
  const names = value.map(nameOf);
  return names.every((name) => name !== '') && new Set(names).size === names.length;
}
