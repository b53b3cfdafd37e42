import { posix } from 'node:path';
import { UserError } from '../../../toolkit/action/errors.ts';
import { isPending } from '../../../toolkit/helm/release-secret.ts';
import type { KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { applyBundle, bundleText, withInventory } from '../../../toolkit/kustomize/apply-bundle.ts';
import { bundlesAtStake, objectsOf } from '../../../toolkit/kustomize/at-stake.ts';
import {
  bundleHistory,
  saveBundle,
  setBundleStatus,
  unknownOverlay,
} from '../../../toolkit/kustomize/bundle-store.ts';
import type { ManifestObject } from '../../../toolkit/manifests/manifest-object.ts';
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
      const objects = withInventory(await build(signal), name);
      const foreign = objects.find(({ metadata }) => (metadata.namespace ?? namespace) !== namespace);
      if (foreign !== undefined) {
        throw new UserError(
          'E_OWNERSHIP',
          `${foreign.kind}/${foreign.metadata.name} of the overlay is for namespace ${foreign.metadata.namespace ?? ''}, and the branch belongs to ${namespace}`,
          'use the overlay of this environment',
        );
      }
      if (!takesOver) await refuseOthers(kubernetes, { name, namespace, overlay });
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
        await applyBundle(kubernetes, { name, namespace, objects: parseManifests(built), previous, force });
      } catch (error) {
        await setBundleStatus(kubernetes, saved, 'failed');
        throw error;
      }
      await setBundleStatus(kubernetes, saved, 'deployed');
    },
  };
}

/** Two overlays under one name would each prune what the other one brought. Throws E_OWNERSHIP. */
async function refuseOthers(
  kubernetes: KubernetesPort,
  {
    name,
    namespace,
    overlay,
  }: { readonly name: string; readonly namespace: string; readonly overlay: string },
): Promise<void> {
  const other = (await bundleHistory(kubernetes, namespace, name)).at(-1)?.chart ?? unknownOverlay;
  if (other === unknownOverlay || other === overlay) return;
  throw new UserError(
    'E_OWNERSHIP',
    `the bundles named ${name} in namespace ${namespace} are of overlay ${other}, and ${overlay} would remove its objects`,
    'give each overlay a name of its own with `release`; if the folder was only moved, set `force: true` once',
  );
}
