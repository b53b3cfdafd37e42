import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyAsHelm } from '../../e2e/support/apply.ts';
import { route, version } from '../../e2e/support/live-shop.ts';
import { kubectl, rig } from '../../e2e/support/rig.ts';
import { runBundle, type BundleResult } from '../../e2e/support/run-bundle.ts';
import type { Arm, Site } from './arm.ts';
import type { Outcome } from './outcomes.ts';

/** The shipped bundle with its defaults, the two usual presets and one traffic step of 10 %. */
export const gate: Arm = {
  name: 'gate',
  install: (site) => [
    ...version(site.namespace, site.app, 'stable', 2, site.scenario.stable),
    route(site.namespace, site.app),
  ],
  isReady: ({ app }, objects) => objects.get(`Deployment/${app}`)?.status?.readyReplicas === 2,
  release: async (site) => {
    const { namespace, app } = site;
    await applyAsHelm(version(namespace, app, 'canary', 1, site.scenario.canary));
    let outcome: Outcome | undefined;
    void watch(site).then(
      (decided) => (outcome = decided),
      (error: unknown) => (outcome = { verdict: 'inconclusive', atMs: Date.now(), reason: String(error) }),
    );
    return [{ judge: 'canary-gate', look: () => outcome }];
  },
};

async function watch(site: Site): Promise<Outcome> {
  const { namespace, app, minutes, prometheusUrl, signal } = site;
  const ready = ['rollout', 'status', `deployment/${app}-canary`, '--timeout=120s'];
  await kubectl('-n', namespace, ...ready);
  const report = mkdtempSync(join(tmpdir(), 'bench-peers-'));
  try {
    const result = await runBundle({
      action: 'canary-gate',
      env: { ...rig().env },
      timeoutMs: (minutes + 5) * 60_000,
      onStart: (child) => {
        signal.addEventListener('abort', () => child.kill('SIGINT'));
      },
      inputs: {
        'prometheus-url': prometheusUrl,
        canary: `namespace="${namespace}",app="${app}",track="canary"`,
        stable: `namespace="${namespace}",app="${app}",track="stable"`,
        router: `${namespace}/httproute/${app}`,
        weights: '10',
        metrics: '- preset: http-errors\n- preset: http-latency',
        'max-duration': `${minutes}m`,
        report,
      },
    });
    return outcomeOf(result);
  } finally {
    rmSync(report, { recursive: true, force: true });
  }
}

function outcomeOf({ outputs, errors }: BundleResult): Outcome {
  const verdicts = new Map([
    ['pass', 'promoted'],
    ['fail', 'stopped'],
  ] as const);
  const verdict = verdicts.get(outputs.verdict as 'pass' | 'fail') ?? 'inconclusive';
  return { verdict, atMs: Date.now(), reason: outputs.reason ?? errors.join(' ') };
}
