import { compareImages, engineOf } from './engine-image.ts';
import { about, nameOf, type ManifestObject } from './manifest-object.ts';
import { containersOf } from './pod-templates.ts';
import type { Risk } from './risk.ts';

/** Images that change although their data may not follow: a known engine's, or a container's that mounts a claim. */
export function statefulImages(before: ManifestObject, after: ManifestObject): Risk[] {
  const next = new Map(containersOf(after).map((container) => [container.name, container]));
  return containersOf(before).flatMap((container): Risk[] => {
    const other = next.get(container.name);
    if (other === undefined) return [];
    const engine = engineOf(container.image) ?? engineOf(other.image);
    if (engine === undefined && !container.mountsClaim && !other.mountsClaim) return [];
    const compared = compareImages(container.image, other.image);
    // A tag without a dot may be a commit of digits alone: only an engine's tag is surely a version.
    const versions =
      engine !== undefined || [container.image, other.image].every((image) => /:[^/]*\./.test(image));
    const direction = versions || compared === 'same' ? compared : 'unknown';
    if (direction === 'same') return [];
    const what = engine === undefined ? 'mounts a claim' : `runs ${engine}`;
    return [
      {
        kind: 'stateful-image',
        code: 'E_STATEFUL_DOWNGRADE',
        ...about(before),
        field: `image of container ${container.name}`,
        message: `${nameOf(before)} ${what} and would go from ${container.image} to ${other.image}`,
        image: { engine, from: container.image, to: other.image, direction },
      },
    ];
  });
}
