import { describe, expect, it } from '@jest/globals';
import { withDelivery, type Delivery } from './support/delivery.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { configMap, manifests } from './support/manifests.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);

/** A definition of `Gadget` in a group of the namespace's own, so that tests do not meet. */
const definition = (
  shop: Delivery,
  versions: readonly string[],
): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: gadgets.${shop.namespace}.example.com
  annotations: {helm.sh/resource-policy: keep}
spec:
  group: ${shop.namespace}.example.com
  scope: Namespaced
  names: {kind: Gadget, plural: gadgets}
  versions:
${versions
  .map(
    (version, index) =>
      `    - {name: ${version}, served: true, storage: ${index === versions.length - 1}, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}\n`,
  )
  .join('')}`;

const gadget = (
  shop: Delivery,
  version: string,
): string => `apiVersion: ${shop.namespace}.example.com/${version}
kind: Gadget
metadata: {name: one}
spec: {version: ${version}}
`;

async function withoutDefinition(shop: Delivery, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } finally {
    await shop.kubernetes.delete({
      resource: 'customresourcedefinitions.apiextensions.k8s.io',
      name: `gadgets.${shop.namespace}.example.com`,
    });
  }
}

const install = async (shop: Delivery, versions: readonly string[]): Promise<void> => {
  await shop.deploy(good, [{ name: 'definitions', manifest: definition(shop, versions) }], 'verified');
};

describe.each<HelmMajor>([3, 4])('APIs and rollbacks with helm %i', (major) => {
  it.concurrent('refuses a target whose API the server no longer serves', () =>
    withDelivery('api', major, (shop) =>
      withoutDefinition(shop, async () => {
        await install(shop, ['v1beta1', 'v1']);
        const app = (version: string): { name: string; manifest: string } => ({
          name: 'app',
          manifest: manifests(configMap('settings', version), gadget(shop, version)),
        });
        await shop.deploy(good, [app('v1beta1')], 'verified');
        await shop.deploy(bad, [app('v1')], 'failed');
        await shop.kubernetes.patch(
          {
            resource: 'customresourcedefinitions.apiextensions.k8s.io',
            name: `gadgets.${shop.namespace}.example.com`,
          },
          [{ op: 'replace', path: '/spec/versions/0/served', value: false }],
          { type: 'json' },
        );

        const result = await shop.rollback();
        expect(result.errors.join()).toMatch(
          /E_API_REMOVED: app: Gadget\/one uses .*\/v1beta1, which the server/,
        );
        expect(await shop.current('app')).toMatchObject({ revision: 2, status: 'deployed' });
        expect((await shop.get('configmaps', 'settings'))?.data).toEqual({ value: 'v1' });
      }),
    ),
  );

  it.concurrent('refuses a definition that forgets a version objects are stored in', () =>
    withDelivery('crd', major, (shop) =>
      withoutDefinition(shop, async () => {
        await install(shop, ['v1']);
        await shop.deploy(bad, [{ name: 'definitions', manifest: definition(shop, ['v1', 'v2']) }], 'failed');
        await shop.kubernetes.create({
          apiVersion: `${shop.namespace}.example.com/v2`,
          kind: 'Gadget',
          metadata: { name: 'one', namespace: shop.namespace },
        });

        const result = await shop.rollback();
        expect(result.errors.join()).toMatch(/E_CRD: definitions: .* has objects stored in v2/);
        expect((await shop.current('definitions')).revision).toBe(2);
      }),
    ),
  );
});
