import type { Outcome, Status } from './outcomes.ts';
import type { Scenario } from './scenarios.ts';

/** One service of its own, under one controller, in one scenario. */
export interface Site {
  readonly namespace: string;
  /** Name of the service and of what deploys it. */
  readonly app: string;
  /** Host under which the gateway serves it. */
  readonly host: string;
  readonly scenario: Scenario;
  /** How long a canary may be watched. */
  readonly minutes: number;
  readonly prometheusUrl: string;
  /** Ends what watches. */
  readonly signal: AbortSignal;
}

/** The objects of the cluster that a look needs, by `Kind/name`. */
export type Objects = ReadonlyMap<string, Status>;

/** A judgement that has begun. */
export interface Watch {
  readonly judge: string;
  /** What was decided; undefined as long as nothing is. */
  look(objects: Objects): Outcome | undefined;
}

/** A way to release: what stands before, whether it stands, and the release with those who judge it. */
export interface Arm {
  readonly name: string;
  install(site: Site): readonly object[];
  isReady(site: Site, objects: Objects): boolean;
  release(site: Site): Promise<readonly Watch[]>;
}

/** The counters of a site's canary, as Prometheus' matchers. */
export const canaryOf = ({ namespace, app }: Pick<Site, 'namespace' | 'app'>): string =>
  `namespace="${namespace}",app="${app}",track="canary"`;

export const object = (
  apiVersion: string,
  kind: string,
  { namespace }: Site,
  name: string,
  spec: object,
) => ({
  ...{ apiVersion, kind, metadata: { name, namespace }, spec },
});

/** A Service of the pods with these labels, port 80 to the pods' own. */
export const service = (site: Site, name: string, selector: Readonly<Record<string, string>>) =>
  object('v1', 'Service', site, name, { selector, ports: [{ name: 'http', port: 80, targetPort: 'http' }] });

/** Name of the Istio Gateway in a site's namespace. */
export const gatewayName = 'public-gateway';
