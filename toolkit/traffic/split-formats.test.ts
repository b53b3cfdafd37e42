import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { httpRoute } from './http-route.ts';
import type { PatchOperation } from './json-patch.ts';
import { nginxIngress } from './nginx-ingress.ts';
import { splitReplicas } from './replicas.ts';
import { parseRouter } from './router-reference.ts';
import { SplitError, type SplitFormat, type TrafficObject } from './traffic-object.ts';
import { virtualService } from './virtual-service.ts';
import { percentOf, wholeWeights } from './weights.ts';

const names = { stable: 'stable', canary: 'canary' };

/** Applies `add` operations to a copy, as a server would. */
function applied(object: TrafficObject, operations: readonly PatchOperation[]): TrafficObject {
  const copy = structuredClone(object);
  for (const operation of operations) {
    const segments = operation.path
      .slice(1)
      .split('/')
      .map((one) => one.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = segments.pop() ?? '';
    let place = copy as unknown as Record<string, unknown>;
    for (const segment of segments) place = place[segment] as Record<string, unknown>;
    if ('value' in operation) place[last] = operation.value;
  }
  return copy;
}

const destination = (subset: string, weight?: number) => ({
  destination: { host: 'shop.shop.svc.cluster.local', subset },
  ...(weight === undefined ? {} : { weight }),
});
const istio: TrafficObject = {
  metadata: { name: 'shop' },
  spec: {
    http: [
      { match: [{ uri: { prefix: '/static' } }], route: [{ destination: { host: 'static' } }] },
      { route: [destination('stable', 100), destination('canary')] },
      { route: [destination('canary', 0), destination('stable', 100)] },
    ],
  },
};
const gateway: TrafficObject = {
  metadata: { name: 'shop' },
  spec: {
    rules: [
      {
        backendRefs: [
          { name: 'stable', port: 80 },
          { name: 'canary', port: 80, weight: 0 },
        ],
      },
    ],
  },
};
const ingress: TrafficObject = {
  metadata: { name: 'shop-canary', annotations: { 'nginx.ingress.kubernetes.io/canary': 'true' } },
};

describe.each<[string, SplitFormat, TrafficObject]>([
  ['VirtualService', virtualService(names), istio],
  ['HTTPRoute', httpRoute(names), gateway],
  ['ingress-nginx', nginxIngress, ingress],
])('%s', (_, format, object) => {
  it('begins without canary traffic and reads back what was set', () => {
    expect(format.read(object)).toBe(0);
    for (const percent of [0, 1, 5, 0.5, 12.5, 33.333, 50, 100])
      expect(format.read(applied(object, format.patch(object, percent)))).toBeCloseTo(percent, 2);
  });

  it('refuses an object without a split', () => {
    const bare: TrafficObject = { metadata: { name: 'x', annotations: {} }, spec: {} };
    expect(() => format.read(bare)).toThrow(SplitError);
    expect(() => format.patch(bare, 5)).toThrow(SplitError);
  });
});

it('sets every HTTP route that splits, and no other', () => {
  const after = applied(istio, virtualService(names).patch(istio, 25));
  const weights = (after.spec?.http as { route: { weight?: number }[] }[]).map(({ route }) =>
    route.map(({ weight }) => weight),
  );
  expect(weights).toEqual([[undefined], [75, 25], [25, 75]]);
});

it('takes hosts for names where there are no subsets', () => {
  const hosts: TrafficObject = {
    metadata: { name: 'shop' },
    spec: {
      http: [{ route: [{ destination: { host: 'shop' } }, { destination: { host: 'shop-canary.shop' } }] }],
    },
  };
  const format = virtualService({ stable: 'shop', canary: 'shop-canary' });
  expect(format.read(applied(hosts, format.patch(hosts, 10)))).toBe(10);
});

describe('wholeWeights', () => {
  it('keeps any percent to three decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (thousandths) => {
        const { canary, stable } = wholeWeights(thousandths / 1000);
        expect(Number.isInteger(canary) && Number.isInteger(stable)).toBe(true);
        expect(percentOf(canary, stable)).toBeCloseTo(thousandths / 1000, 3);
      }),
    );
  });
});

describe('splitReplicas', () => {
  it('keeps the sum, and a pod for each arm that should get traffic', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.integer({ min: 0, max: 100 }), (total, percent) => {
        const { canary, stable } = splitReplicas(total, percent);
        expect(canary + stable).toBe(total);
        expect(canary > 0).toBe(percent > 0);
        expect(stable > 0).toBe(percent < 100);
        if (percent > 0 && percent < 100)
          expect(Math.abs((100 * canary) / total - percent)).toBeLessThanOrEqual(100 / total);
      }),
    );
  });
});

describe('parseRouter', () => {
  it('reads all parts', () => {
    expect(parseRouter('shop/httproute/web#stable=web-v1,canary=web-v2')).toEqual({
      kind: 'httproute',
      namespace: 'shop',
      name: 'web',
      stable: 'web-v1',
      canary: 'web-v2',
    });
    expect(parseRouter('ingress/web-canary')).toMatchObject({ namespace: '', name: 'web-canary' });
  });

  it.each([
    'web',
    'service/web',
    'a/b/c/d',
    'shop/ingress/',
    'ingress/Web',
    'ingress/x#canary',
    'ingress/-x',
  ])('refuses %s', (text) => {
    expect(() => parseRouter(text)).toThrow();
  });
});
