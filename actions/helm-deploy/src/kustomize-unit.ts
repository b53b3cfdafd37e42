import { posix } from 'node:path';
import { UserError } from '../../../toolkit/action/errors.ts';
import { isPending } from '../../../toolkit/helm/release-secret.ts';
import type { KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { applyBundle, bundleText } from '../../../toolkit/kustomize/apply-bundle.ts';
import { bundlesAtStake, objectsOf } from '../../../toolkit/kustomize/at-stake.ts';
import { bundleHistory, saveBundle, setBundleStatus } from '../../../toolkit/kustomize/bundle-store.ts';
import { refuseForeign, withInventory, type Inventory } from '../../../toolkit/kustomize/inventory.ts';
import { byKey, keyOf, type ManifestObject } from '../../../toolkit/manifests/manifest-object.ts';
import { parseManifests } from '../../../toolkit/manifests/parse-manifests.ts';
import type { DeployUnit } from './unit.ts';

export interface KustomizeOptions {
  readonly kubernetes: KubernetesPort;
  readonly name: string;
  readonly namespace: string;
  readonly folder: string;
  /** Takes over the bundles that another overlay left under this name. */
  readonly force: boolean;
  readonly build: (signal: AbortSignal) => Promise<readonly ManifestObject[]>;
  /** RFC 3339. */
  readonly now: () => string;
}

/** A kustomize overlay as the unit of a deploy: built, stored as a bundle, applied server-side. */
export function kustomizeUnit({
  kubernetes,
  name,
  namespace,
  folder,
  force: takesOver,
  build,
  now,
}: KustomizeOptions): DeployUnit {
  let built = '';
  const overlay = posix.join(folder, '.').replace(/\/$/, '');
  return {
    list: () =>
      Promise.resolve([
        { name, namespace, kind: 'kustomize', chart: folder, chartVersion: '', installed: true, needs: [] },
      ]),
    render: async (_releases, _existing, signal) => {
      const objects = withInventory(await build(signal), { name, namespace });
      const foreign = objects.find(({ metadata }) => (metadata.namespace ?? namespace) !== namespace);
      if (foreign !== undefined) {
        throw new UserError(
          'E_OWNERSHIP',
          `${foreign.kind}/${foreign.metadata.name} of the overlay is for namespace ${foreign.metadata.namespace ?? ''}, and the branch belongs to ${namespace}`,
          'use the overlay of this environment',
        );
      }
      if (!takesOver) {
        await refuseOthers(kubernetes, { name, namespace, overlay, objects });
        await refuseForeign(kubernetes, { name, namespace }, objects);
      }
      built = bundleText(objects);
      return [{ name, namespace, manifest: built, hooks: '' }];
    },
    apply: async ({ description, force, signal }) => {
      const history = await bundleHistory(kubernetes, namespace, name);
      for (const bundle of history.filter(({ status }) => isPending(status)))
        await setBundleStatus(kubernetes, bundle, 'failed');
      signal.throwIfAborted();
      const saved = await saveBundle(kubernetes, {
        name,
        namespace,
        manifest: built,
        description,
        overlay,
        now: now(),
      });
      try {
        const previous = objectsOf(bundlesAtStake(history), namespace);
        const objects = parseManifests(built);
        await applyBundle(kubernetes, { name, namespace, objects, previous, force, adopts: takesOver });
      } catch (error) {
        await setBundleStatus(kubernetes, saved, 'failed');
        throw error;
      }
      await setBundleStatus(kubernetes, saved, 'deployed');
    },
  };
}

interface Overlay extends Inventory {
  readonly overlay: string;
  readonly objects: readonly ManifestObject[];
}

/**
 * Two overlays under one name would each prune what the other one brought. A bundle that does not tell its overlay is
 * this one's when they have an object in common. Throws E_OWNERSHIP.
 */
async function refuseOthers(
  kubernetes: KubernetesPort,
  { name, namespace, overlay, objects }: Overlay,
): Promise<void> {
  const last = (await bundleHistory(kubernetes, namespace, name)).at(-1);
  if (last === undefined || last.chart === overlay) return;
  const known = byKey(parseManifests(last.manifest), namespace);
  if (last.chart === '' && objects.some((object) => known.has(keyOf(object, namespace)))) return;
  throw new UserError(
    'E_OWNERSHIP',
    `the bundles named ${name} in namespace ${namespace} are of ${last.chart === '' ? 'another overlay' : `overlay ${last.chart}`}, and ${overlay} would remove its objects`,
    'give each overlay a name of its own with `release`; if the folder was only moved, set `force: true` once',
  );
}
