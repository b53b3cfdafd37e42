import { groupOf } from './manifest-object.ts';

/** How kubectl takes a kind in one exact version: `Deployment.v1.apps`, `Service.v1.`. */
export function resourceOf({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  const group = groupOf(apiVersion);
  const version = group === '' ? apiVersion : apiVersion.slice(group.length + 1);
  return `${kind}.${version}.${group}`;
}
