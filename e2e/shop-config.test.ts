import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import {
  copyShop,
  environments,
  parseManifests,
  renderHelmfile,
  renderOverlay,
  textsOf,
  valuesOf,
  type Environment,
} from './support/shop.ts';

/** Texts that only one environment's files say: what must never be seen in another's render. */
function ownTexts(environment: Environment): string[] {
  const said = (name: Environment): Set<string> =>
    new Set([...valuesOf(name).values()].flatMap((tree) => textsOf(tree)).map(({ text }) => text));
  const others = environments.filter((name) => name !== environment).map(said);
  return [...said(environment)].filter(
    (text) =>
      // Production's host is the end of every other host; routes are looked at on their own below.
      text !== 'shop.example.com' &&
      // A quantity such as 50Gi is no secret and may well be a default elsewhere.
      !/^[0-9]+[a-zA-Z]*$/.test(text) &&
      !others.some((texts) => texts.has(text)),
  );
}

/** A short word counts as a whole text only: `dev` is in `/dev/null`, too. */
function says(texts: readonly string[], text: string): boolean {
  return texts.some((said) => said === text || (text.length > 10 && said.includes(text)));
}

const textsIn = (render: string): string[] =>
  parseManifests(render).flatMap((manifest) => textsOf(manifest).map(({ text }) => text));

interface PodOwner {
  readonly template?: {
    readonly metadata?: {
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
  };
}

interface Placed {
  readonly replicas?: number;
  readonly template: { readonly spec: { readonly affinity: unknown } };
}

interface Policy {
  readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly ingress?: readonly {
    readonly from: unknown;
    readonly ports: readonly { readonly port: number }[];
  }[];
}

/** Host names and namespaces of an environment as its objects use them. */
function placesOf(render: string): string[] {
  return parseManifests(render)
    .filter(({ kind }) => kind === 'Gateway' || kind === 'VirtualService')
    .flatMap(({ spec }) => textsOf(spec))
    .map(({ text }) => text)
    .filter((text) => text.endsWith('.example.com') || text.includes('.svc.cluster.local'));
}

describe('the configuration of one environment', () => {
  const renders = new Map<Environment, { helmfile: string; overlay: string }>();
  beforeAll(async () => {
    for (const name of environments)
      renders.set(name, { helmfile: await renderHelmfile(name), overlay: await renderOverlay(name) });
  });

  it.each(environments)('%s says something that no other does', (environment) => {
    expect(ownTexts(environment)).toContain(environment);
  });

  it.each(environments)('%s has nothing of another in what is applied', (environment) => {
    const { helmfile, overlay } = renders.get(environment)!;
    const applied = [...textsIn(helmfile), ...textsIn(overlay)];
    for (const other of environments.filter((name) => name !== environment)) {
      const crossed = ownTexts(other).filter((text) => says(applied, text));
      expect({ other, crossed }).toEqual({ other, crossed: [] });
    }
  });

  it.each(environments)('%s has its own host and namespace in every route', (environment) => {
    const { helmfile, overlay } = renders.get(environment)!;
    const host = {
      dev: 'dev.shop.example.com',
      test: 'test.shop.example.com',
      staging: 'staging.shop.example.com',
      production: 'shop.example.com',
      preview: 'preview.preview.shop.example.com',
    }[environment];
    const places = placesOf(helmfile);
    expect(places).toContain(host);
    expect(
      places.filter((place) => place !== host && !place.endsWith(`.${environment}.svc.cluster.local`)),
    ).toEqual([]);
    for (const { kind, metadata } of parseManifests(overlay))
      expect({ kind, ...metadata }).toMatchObject({ namespace: environment });
  });

  it.each(environments)('%s lets Prometheus reach every pod that asks to be scraped', (environment) => {
    const manifests = parseManifests(renders.get(environment)!.helmfile);
    const scraped = manifests.flatMap(({ spec }) => {
      const metadata = (spec as PodOwner | undefined)?.template?.metadata;
      const port = metadata?.annotations?.['prometheus.io/port'];
      return port === undefined ? [] : [{ app: metadata?.labels?.app, port: Number(port) }];
    });
    const admitted = manifests
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .flatMap(({ spec }) => {
        const { podSelector, ingress } = spec as unknown as Policy;
        return (ingress ?? [])
          .filter(({ from }) => JSON.stringify(from).includes('"kubernetes.io/metadata.name":"monitoring"'))
          .flatMap(({ ports }) => ports.map(({ port }) => ({ app: podSelector.matchLabels.app, port })));
      });
    expect(scraped.map(({ app }) => app)).toEqual(
      expect.arrayContaining(['shop-backend', 'shop-frontend', 'shop-rabbitmq']),
    );
    expect(admitted).toEqual(expect.arrayContaining(scraped));
  });

  it('is the same in the overlay of production as in its charts, for pools and autoscalers', () => {
    const { helmfile, overlay } = renders.get('production')!;
    const facts = (render: string): Record<string, unknown> =>
      Object.fromEntries(
        parseManifests(render)
          .filter(({ metadata }) => /^shop-(backend|frontend)$/.test(metadata.name))
          .filter(({ kind }) => kind === 'HorizontalPodAutoscaler' || kind === 'Deployment')
          .map(({ kind, metadata: { name }, spec }) => {
            if (kind !== 'Deployment') return [`${kind}/${name}`, spec];
            const { replicas, template } = spec as unknown as Placed;
            return [`${kind}/${name}`, { replicas, affinity: template.spec.affinity }];
          }),
      );
    expect(Object.keys(facts(overlay))).toHaveLength(4);
    expect(facts(overlay)).toEqual(facts(helmfile));
  });

  it('serves the shop through an ingress where one is asked for', async () => {
    const args = [
      '--selector',
      'name=frontend',
      '--set',
      'ingress.enabled=true',
      '--set',
      'ingress.tlsSecret=cert',
    ];
    const render = parseManifests(await renderHelmfile('staging', { args }));
    const [ingress, ...more] = render.filter(({ kind }) => kind === 'Ingress');
    expect(more).toEqual([]);
    const host = 'staging.shop.example.com';
    expect(ingress?.spec).toMatchObject({
      ingressClassName: 'nginx',
      tls: [{ hosts: [host], secretName: 'cert' }],
      rules: [{ host, http: { paths: [{ path: '/api/' }, { path: '/' }] } }],
    });
  });

  it('gives each preview a host of its own', async () => {
    const render = await renderHelmfile('preview', { namespace: 'preview-blue-h12345678' });
    expect(placesOf(render)).toContain('preview-blue-h12345678.preview.shop.example.com');
  });
});

/** Places in the values files where an environment may say any text. */
const openPlaces = [
  { file: 'backend.yaml', path: ['config', 'SHOP_CURRENCY'] },
  { file: 'backend.yaml', path: ['config', 'SHOP_NOTE'] },
  { file: 'backend.yaml', path: ['secret', 'name'] },
  { file: 'frontend.yaml', path: ['config', 'SHOP_ENVIRONMENT'] },
  { file: 'frontend.yaml', path: ['podAnnotations', 'team'] },
  { file: 'backend.yaml', path: ['podAnnotations', 'team'] },
  { file: 'mongodb.yaml', path: ['secret', 'name'] },
  { file: 'redis.yaml', path: ['secret', 'name'] },
  { file: 'rabbitmq.yaml', path: ['secret', 'name'] },
  { file: 'environment.yaml', path: ['host'] },
] as const;

const isStateless = (file: string): boolean => /^(backend|frontend|environment)\./.test(file);

function setAt(tree: Record<string, unknown>, [key, ...rest]: readonly string[], text: string): void {
  if (key === undefined) return;
  if (rest.length === 0) tree[key] = text;
  else {
    tree[key] ??= {};
    setAt(tree[key] as Record<string, unknown>, rest, text);
  }
}

describe('generated values', () => {
  const folder = copyShop();
  const original = new Map(environments.map((name) => [name, valuesOf(name)]));

  // Each place of each environment gets a text of its own, so that a text seen tells where it came from.
  const trees = fc.record({
    shown: fc.constantFrom(...environments),
    places: fc.subarray([...openPlaces], { minLength: 1 }),
    salt: fc.stringMatching(/^[a-z][a-z0-9]{3,10}$/),
    canary: fc.boolean(),
  });
  const textAt = (environment: Environment, place: number, salt: string): string =>
    `${salt}-${environment}-${place}-end`;

  it('of one environment reach its objects, and never those of another', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async ({ shown, places: all, salt, canary }) => {
        // A canary is of the services alone.
        const places = all.filter(({ file }) => !canary || isStateless(file));
        fc.pre(places.length > 0);
        for (const environment of environments)
          for (const [file, tree] of original.get(environment)!) {
            const changed = structuredClone(tree) as Record<string, unknown>;
            places.forEach((place, index) => {
              if (place.file === file) setAt(changed, place.path, textAt(environment, index, salt));
            });
            writeFileSync(join(folder, 'environments', environment, file), stringify(changed));
          }
        const render = await renderHelmfile(shown, {
          folder,
          args: canary ? ['--selector', 'tier=stateless', '--values', 'deploy/canary-values.yaml'] : [],
        });
        const seen = environments.filter((environment) =>
          places.some((_, index) => render.includes(textAt(environment, index, salt))),
        );
        expect(seen).toEqual([shown]);
        places.forEach((_, index) => {
          expect(render).toContain(textAt(shown, index, salt));
        });
      }),
      { numRuns: 12 },
    );
  });
});
