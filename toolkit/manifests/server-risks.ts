import { at, list, text } from './fields.ts';
import { about, nameOf, type ManifestObject } from './manifest-object.ts';
import type { Risk } from './risk.ts';

/** A kind in one version, as the server lists what it serves. */
export interface ServedApi {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Objects whose API version the server does not serve. What the manifest's own definitions bring counts as served. */
export function removedApis(target: readonly ManifestObject[], served: readonly ServedApi[]): Risk[] {
  const known = new Set(served.map((api) => `${join(api.group, api.version)} ${api.kind}`));
  for (const definition of target.filter((object) => object.kind === 'CustomResourceDefinition')) {
    for (const version of list(at(definition.spec, 'versions'))) {
      if (at(version, 'served') === false) continue;
      const group = text(at(definition.spec, 'group'));
      known.add(`${join(group, text(at(version, 'name')))} ${text(at(definition.spec, 'names', 'kind'))}`);
    }
  }
  return target
    .filter((object) => !known.has(`${object.apiVersion} ${object.kind}`))
    .map((object) => ({
      kind: 'api-removed' as const,
      code: 'E_API_REMOVED' as const,
      ...about(object),
      field: 'apiVersion',
      message: `${nameOf(object)} uses ${object.apiVersion}, which the server does not serve`,
    }));
}

/** Definitions in `target` without a version that the live one has stored objects in: the server refuses them. */
export function storedVersionsLost(
  target: readonly ManifestObject[],
  live: readonly { readonly metadata: { readonly name: string }; readonly [field: string]: unknown }[],
): Risk[] {
  return target
    .filter((object) => object.kind === 'CustomResourceDefinition')
    .flatMap((definition): Risk[] => {
      const now = live.find((other) => other.metadata.name === definition.metadata.name);
      const versions = list(at(definition.spec, 'versions')).map((version) => text(at(version, 'name')));
      const lost = list(at(now, 'status', 'storedVersions'))
        .map((version) => text(version))
        .filter((name) => !versions.includes(name));
      if (lost.length === 0) return [];
      return [
        {
          kind: 'crd-version',
          code: 'E_CRD',
          ...about(definition),
          field: 'status.storedVersions',
          message: `${nameOf(definition)} has objects stored in ${lost.join(', ')}, which the target does not know`,
        },
      ];
    });
}

/** The API versions and kinds a manifest uses, sorted: `apps/v1 Deployment`. */
export function apisUsed(objects: readonly ManifestObject[]): string[] {
  return [...new Set(objects.map((object) => `${object.apiVersion} ${object.kind}`))].sort();
}

function join(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}
