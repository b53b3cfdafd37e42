import { podTemplate } from '../../e2e/support/live-shop.ts';
import { kubectl } from '../../e2e/support/rig.ts';
import { gatewayName, object, type Arm } from './arm.ts';
import { canaryOutcome } from './outcomes.ts';

/** A Canary with the analysis of Flagger's Istio tutorial, on its built-in metrics. */
export const flagger: Arm = {
  name: 'flagger',
  install: (site) => {
    const { namespace, app, host } = site;
    return [
      object('apps/v1', 'Deployment', site, app, {
        replicas: 2,
        selector: { matchLabels: { app } },
        template: podTemplate({ app, track: 'stable' }, site.scenario.stable),
      }),
      object('flagger.app/v1beta1', 'Canary', site, app, {
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: app },
        progressDeadlineSeconds: 60,
        service: {
          ...{ port: 80, targetPort: 'http', portName: 'http' },
          ...{ gateways: [`${namespace}/${gatewayName}`], hosts: [host] },
        },
        analysis: {
          ...{ interval: '1m', threshold: 5, maxWeight: 50, stepWeight: 10 },
          metrics: [
            { name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' },
            { name: 'request-duration', thresholdRange: { max: 500 }, interval: '30s' },
          ],
        },
      }),
    ];
  },
  isReady: ({ app }, objects) => objects.get(`Canary/${app}`)?.status?.phase === 'Initialized',
  release: async ({ namespace, app, scenario }) => {
    const template = podTemplate({ app, track: 'canary' }, scenario.canary);
    const patch = JSON.stringify({ spec: { template } });
    await kubectl('-n', namespace, 'patch', 'deployment', app, '--type=merge', '-p', patch);
    return [
      {
        judge: 'Flagger',
        look: (objects) => {
          const canary = objects.get(`Canary/${app}`);
          return canary === undefined ? undefined : canaryOutcome(canary, Date.now());
        },
      },
    ];
  },
};
