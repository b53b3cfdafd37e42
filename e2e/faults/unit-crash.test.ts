import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { boundaries } from '../../actions/helm-deploy/src/boundary.ts';
import { app, withSite, type DeploySite } from '../support/deploy-site.ts';
import { expectClean } from '../support/expect-clean.ts';
import type { HelmMajor } from '../support/helm-folders.ts';
import { configMap, imageOf } from '../support/manifests.ts';

const sha = (letter: string): Record<string, string> => ({ GITHUB_SHA: letter.repeat(40) });

interface Unit {
  readonly name: string;
  readonly major: HelmMajor;
  /** What was there before the run that dies. */
  readonly before: readonly string[];
  readonly inputs: Readonly<Record<string, string>>;
  readonly write: (site: DeploySite, version: string) => void;
}

const overlay = (site: DeploySite, version: string): void => {
  const folder = join(site.folder, 'overlay');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'app.yaml'), app(version));
  writeFileSync(join(folder, 'map.yaml'), configMap(`only-${version}`, version));
  writeFileSync(
    join(folder, 'kustomization.yaml'),
    `namespace: ${site.namespace}\nresources: [app.yaml, map.yaml]\n`,
  );
};

const helmfile = (site: DeploySite, version: string): void => {
  site.chart(`{{- if eq .Release.Name "app" }}\n${app(version)}{{- end }}\n`);
  const releases = '  - {name: app, chart: ./chart, needs: [base]}\n  - {name: base, chart: ./chart}\n';
  writeFileSync(join(site.folder, 'helmfile.yaml'), `environments: {test: {}}\n---\nreleases:\n${releases}`);
};

const chart = (site: DeploySite, version: string): void => {
  site.chart(app(version));
};

const units: readonly Unit[] = [
  { name: 'a first install', major: 3, before: [], inputs: {}, write: chart },
  {
    name: 'a helmfile',
    major: 4,
    before: ['1'],
    inputs: { chart: '', release: '', helmfile: 'helmfile.yaml' },
    write: helmfile,
  },
  {
    name: 'an overlay',
    major: 4,
    before: ['1'],
    inputs: { chart: '', release: '', kustomize: './overlay' },
    write: overlay,
  },
];

describe.each(units)('$name killed between two steps', ({ major, before, inputs, write }) => {
  it.concurrent.each(boundaries)('ends as a clean one when it runs again after it died at "%s"', (boundary) =>
    withSite(`die-${boundary}`, major, async (site) => {
      for (const version of before) {
        write(site, version);
        expect((await site.deploy(inputs, { env: sha('a') })).errors).toEqual([]);
      }
      write(site, '2');
      const died = await site.deploy(inputs, { env: { ...sha('b'), GATED_DELIVERY_DIE_AT: boundary } });
      expect(died.signal).toBe('SIGKILL');

      const again = await site.deploy(inputs, { env: sha('b') });
      expect(again.errors).toEqual([]);
      await expectClean(site, 'b'.repeat(40));
      const live = (resource: string, name: string) =>
        site.kubernetes.get({ resource, name, namespace: site.namespace });
      expect(imageOf(await live('deployments.apps', 'app'))).toBe('shop/app:2');
      expect(await live('configmaps', 'only-1')).toBeUndefined();
      const third = await site.deploy(inputs, { env: sha('b') });
      expect(third.outputs).toMatchObject({ changed: 'false', mutated: 'false', verified: 'true' });
    }),
  );
});
