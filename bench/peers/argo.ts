import { podTemplate } from '../../e2e/support/live-shop.ts';
import { applyAsHelm } from '../../e2e/support/apply.ts';
import { getObject, kubectl } from '../../e2e/support/rig.ts';
import { canaryOf, gatewayName, object, service, type Arm, type Site } from './arm.ts';
import { analysisOutcome, rolloutOutcome, type Status } from './outcomes.ts';

/**
 * A Rollout behind Istio with the background analysis of Argo Rollouts' documentation (features/analysis.md): success of
 * the last 5 minutes by `irate` at least 95 %, every 5 minutes, failureLimit 3. Beside it an AnalysisRun of its own judges
 * the same canary every minute at 99 %; it moves no traffic.
 */
export const argo: Arm = {
  name: 'argo',
  install: (site) => {
    const { app, host } = site;
    const selector = { app };
    return [
      service(site, `${app}-stable`, selector),
      service(site, `${app}-canary`, selector),
      object('networking.istio.io/v1', 'VirtualService', site, app, {
        hosts: [host],
        gateways: [gatewayName],
        http: [
          {
            name: 'primary',
            route: [
              { destination: { host: `${app}-stable` }, weight: 100 },
              { destination: { host: `${app}-canary` }, weight: 0 },
            ],
          },
        ],
      }),
      object('argoproj.io/v1alpha1', 'AnalysisTemplate', site, app, {
        metrics: measurements(site, { interval: '5m', window: '5m', rate: 'irate', success: 0.95 }),
      }),
      object('argoproj.io/v1alpha1', 'Rollout', site, app, {
        replicas: 2,
        selector: { matchLabels: selector },
        template: podTemplate({ app, track: 'stable' }, site.scenario.stable),
        strategy: {
          canary: {
            canaryService: `${app}-canary`,
            stableService: `${app}-stable`,
            trafficRouting: { istio: { virtualService: { name: app, routes: ['primary'] } } },
            // Begins when the canary stands and has its traffic.
            analysis: { templates: [{ templateName: app }], startingStep: 1 },
            steps: [{ setWeight: 10 }, { pause: { duration: `${site.minutes}m` } }],
          },
        },
      }),
    ];
  },
  isReady: ({ app }, objects) => objects.get(`Rollout/${app}`)?.status?.phase === 'Healthy',
  release: async (site) => {
    const { namespace, app, scenario } = site;
    const former = await getObject<Status>('rollout', app, '-n', namespace);
    const formerHash = former.status?.currentPodHash ?? '';
    const template = podTemplate({ app, track: 'canary' }, scenario.canary);
    const patch = JSON.stringify({ spec: { template } });
    await kubectl('-n', namespace, 'patch', 'rollout', app, '--type=merge', '-p', patch);
    const every = measurements(site, { interval: '1m', window: '1m', rate: 'rate', success: 0.99 });
    const metrics = every.map((metric) => ({ ...metric, initialDelay: '1m', count: site.minutes }));
    await applyAsHelm([object('argoproj.io/v1alpha1', 'AnalysisRun', site, `${app}-1m`, { metrics })]);
    return [
      {
        judge: 'Argo Rollouts, 5 min at 95 %',
        look: (objects) => {
          const rollout = objects.get(`Rollout/${app}`);
          return rollout === undefined ? undefined : rolloutOutcome(rollout, formerHash, Date.now());
        },
      },
      {
        judge: 'Argo Rollouts, 1 min at 99 %',
        look: (objects) => {
          const run = objects.get(`AnalysisRun/${app}-1m`);
          return run === undefined ? undefined : analysisOutcome(run, Date.now());
        },
      },
    ];
  },
};

/** The documented success rate, and Flagger's limit of the 99th percentile, which the documentation's example lacks. */
function measurements(
  site: Site,
  at: {
    readonly interval: string;
    readonly window: string;
    readonly rate: 'rate' | 'irate';
    readonly success: number;
  },
) {
  const matchers = canaryOf(site);
  const sum = (selector: string): string => `sum(${at.rate}(${selector}[${at.window}]))`;
  const metric = (name: string, successCondition: string, query: string) => ({
    ...{ name, interval: at.interval, successCondition, failureLimit: 3 },
    provider: { prometheus: { address: site.prometheusUrl, query } },
  });
  return [
    metric(
      'success-rate',
      `result[0] >= ${at.success}`,
      `${sum(`http_requests_total{${matchers},code!~"5.*"}`)} / ${sum(`http_requests_total{${matchers}}`)}`,
    ),
    metric(
      'request-duration',
      'result[0] <= 0.5',
      `histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{${matchers}}[${at.window}])))`,
    ),
  ];
}
