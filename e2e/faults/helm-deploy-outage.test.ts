import { describe, expect, it } from '@jest/globals';
import { app, untilPending, withSite } from '../support/deploy-site.ts';
import { startFlakyProxy } from '../support/flaky-proxy.ts';
import type { HelmMajor } from '../support/helm-folders.ts';
import { logHelm } from '../support/helm-log.ts';
import { rig } from '../support/rig.ts';
import type { BundleResult } from '../support/run-bundle.ts';

const sha = (letter: string): Record<string, string> => ({ GITHUB_SHA: letter.repeat(40) });

describe.each<HelmMajor>([3, 4])('an API server that is gone for 20 s, with helm %i', (major) => {
  it.concurrent.each(['preparing', 'applying'])(
    'ends well or with a code while %s, and the ledger is whole',
    (when) =>
      withSite(`gone-${when}`, major, async (site) => {
        const proxy = await startFlakyProxy(rig().kubeconfig);
        const log = logHelm(site.env.PATH ?? '');
        const env = (letter: string, run: string): Record<string, string> => ({
          ...sha(letter),
          GITHUB_RUN_ID: run,
          PATH: log.path,
        });
        const next = (): Promise<BundleResult> => {
          site.chart(app('3'));
          return site.deploy({ 'lock-timeout': '2m' }, { env: env('c', '52') });
        };
        let waiting: Promise<BundleResult> | undefined;
        try {
          site.chart(app('1'));
          expect((await site.deploy({}, { env: sha('a') })).errors).toEqual([]);
          site.chart(app('2', when === 'applying'));
          const running = site.deploy(
            { kubeconfig: proxy.kubeconfig, timeout: '30s' },
            {
              env: env('b', '51'),
              onLine: (line) => {
                // The first word of Helm, or of the rendering: the run is in the middle then.
                if (when === 'preparing' && line.includes('add-mask'))
                  setTimeout(() => {
                    proxy.goAway(20_000);
                  }, 1_500);
              },
            },
          );
          if (when === 'applying') {
            await untilPending(site);
            proxy.goAway(20_000);
            // A run that reaches the server all the while waits for the one that does not.
            waiting = next();
          }
          const result = await running;
          for (const error of result.errors)
            expect(error).toMatch(/^E_(TIMEOUT|LOCKED|UNSCHEDULABLE|RENDER|TOOL|AUTH): /);
          expect(result.code === 0).toBe(result.errors.length === 0);
          const between = await site.ledger();
          expect(between.entries[0]).toMatchObject({ gitSha: 'a'.repeat(40), phase: 'verified' });

          const after = await (waiting ?? next());
          expect(after.errors).toEqual([]);
          expect(log.most()).toBe(1);
          expect((await site.history()).at(-1)?.status).toBe('deployed');
          expect((await site.ledger()).entries.at(-1)).toMatchObject({
            gitSha: 'c'.repeat(40),
            phase: 'verified',
          });
          expect((await site.lease())?.spec).not.toHaveProperty('holderIdentity');
        } finally {
          await proxy.stop();
        }
      }),
    240_000,
  );
});
