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
