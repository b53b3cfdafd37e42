import { at, list, text } from './fields.ts';
import { nameOf, type ManifestObject } from './manifest-object.ts';
import { fieldsOf } from './redact.ts';

/** What the server writes itself, or what is not part of what was asked for. */
const ignored =
  /^(status(\.|$)|metadata\.(managedFields|resourceVersion|generation|uid|creationTimestamp|selfLink)\b|metadata\.annotations\.(deployment\.kubernetes\.io\/|kubectl\.kubernetes\.io\/))/;

export interface LiveDifference {
  /** `Deployment/api spec.template.spec.containers[app].image`. */
  readonly field: string;
  readonly wanted: string;
  readonly live: string;
}

/**
 * Where a live object is not what a server-side dry run of the manifest would make of it. Defaults, quantities and
 * admission are thus the server's own. `keepReplicas`: an autoscaler owns the number.
 */
export function liveDifferences(
  wouldBe: ManifestObject,
  live: ManifestObject,
  options: { readonly keepReplicas: boolean },
): LiveDifference[] {
  const now = new Map(fieldsOf(live).map((field) => [field.path, field]));
  return fieldsOf(wouldBe)
    .filter(({ path, exact }) => {
      if (ignored.test(path) || (options.keepReplicas && path === 'spec.replicas')) return false;
      return now.get(path)?.exact !== exact;
    })
    .map(({ path, shown }) => ({
      field: `${nameOf(wouldBe)} ${path}`,
      wanted: shown,
      live: now.get(path)?.shown ?? 'missing',
    }));
}

/** A named item that a given-up revision brought and that is still there although the target has no such item. */
export interface Leftover {
  readonly object: string;
  /** JSON pointer of the list. */
  readonly list: string;
  readonly index: number;
  readonly name: string;
}

const podLists = ['containers', 'initContainers', 'volumes'];

/** Pod templates of live workloads keep containers and volumes that only given-up revisions have (helm#13346). */
export function leftovers(
  givenUp: readonly ManifestObject[],
  target: ManifestObject,
  live: ManifestObject,
): Leftover[] {
  if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(target.kind)) return [];
  return podLists.flatMap((field) => {
    const names = (object: ManifestObject): string[] =>
      list(at(object.spec, 'template', 'spec', field)).map((item) => text(at(item, 'name')));
    const wanted = new Set(names(target));
    const brought = new Set(givenUp.flatMap(names));
    return names(live).flatMap((name, index) =>
      brought.has(name) && !wanted.has(name)
        ? [{ object: nameOf(target), list: `/spec/template/spec/${field}`, index, name }]
        : [],
    );
  });
}

/** JSON patch that takes leftovers out again; each is tested by name first, so that a moved list is never hit wrongly. */
export function removalPatch(items: readonly Leftover[]): unknown[] {
  return items
    .toSorted((a, b) => b.index - a.index)
    .flatMap((item) => [
      { op: 'test', path: `${item.list}/${item.index}/name`, value: item.name },
      { op: 'remove', path: `${item.list}/${item.index}` },
    ]);
}
