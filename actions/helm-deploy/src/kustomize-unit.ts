import { UserError } from '../../../toolkit/action/errors.ts';
import { isPending } from '../../../toolkit/helm/release-secret.ts';
import type { KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { applyBundle, bundleText, withInventory } from '../../../toolkit/kustomize/apply-bundle.ts';
import { bundlesAtStake, objectsOf } from '../../../toolkit/kustomize/at-stake.ts';
import { bundleHistory, saveBundle, setBundleStatus } from '../../../toolkit/kustomize/bundle-store.ts';
import type { ManifestObject } from '../../../toolkit/manifests/manifest-object.ts';
import { parseManifests } from '../../../toolkit/manifests/parse-manifests.ts';
import type { DeployUnit } from './unit.ts';

export interface KustomizeOptions {
  readonly kubernetes: KubernetesPort;
  readonly name: string;
  readonly namespace: string;
  readonly folder: string;
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
  build,
  now,
}: KustomizeOptions): DeployUnit {
  let built = '';
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
