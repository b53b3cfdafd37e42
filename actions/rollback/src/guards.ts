import type { ErrorCode } from '../../../toolkit/action/errors.ts';
import type { Risk } from '../../../toolkit/manifests/risk.ts';

/** What the user allowed by name. */
export interface Policy {
  readonly allowStateful: ReadonlySet<string>;
  readonly migrationsCompatible: boolean;
  /** `workloads` changes pod templates alone: nothing is deleted, and no fixed field is touched. */
  readonly mode: 'helm' | 'workloads';
}

/** Worst first: the code that is reported when several guards refuse. */
const order: readonly ErrorCode[] = [
  'E_DATA_LOSS',
  'E_STATEFUL_DOWNGRADE',
  'E_STS_IMMUTABLE',
  'E_API_REMOVED',
  'E_CRD',
  'E_MIGRATION',
  'E_IMMUTABLE',
];

/** The risks of going back that nobody allowed, worst first. */
export function blockingRisks(release: string, risks: readonly Risk[], policy: Policy): Risk[] {
  return risks
    .filter((risk) => isBlocking(release, risk, policy))
    .toSorted((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
}

function isBlocking(release: string, risk: Risk, policy: Policy): boolean {
  // A workload with data stays as it is by itself then, and the others go back.
  if (policy.mode === 'workloads' && risk.kind !== 'migration') return false;
  switch (risk.kind) {
    case 'stateful-image':
      // A newer engine reads what an older one wrote; the other way round nobody promises.
      return risk.image?.direction !== 'up' && !policy.allowStateful.has(release);
    case 'sts-shrunk':
      return !policy.allowStateful.has(release);
    case 'migration':
      return !policy.migrationsCompatible;
    case 'service-type':
      return false;
    case 'data-loss':
    case 'sts-immutable':
    case 'immutable-field':
    case 'crd-version':
    case 'api-removed':
      return true;
  }
}

/** The next step that mends or allows a risk. */
export function adviceFor(release: string, risk: Risk, namespace: string): string {
  const [kind = '', name = ''] = risk.object.split('/');
  switch (risk.kind) {
    case 'data-loss':
      return `keep it: \`kubectl -n ${risk.ref.namespace ?? namespace} annotate ${kind.toLowerCase()} ${name} helm.sh/resource-policy=keep\`, then roll back again`;
    case 'stateful-image':
    case 'sts-shrunk':
      return `back up its data, then name the release: \`allow-stateful: ${release}\``;
    case 'sts-immutable':
      return `\`kubectl -n ${risk.ref.namespace ?? namespace} delete statefulset ${name} --cascade=orphan\`, then roll back again: pods and claims stay`;
    case 'migration':
      return 'if the old version works with the migrated data, say so: `migrations: backward-compatible`';
    case 'api-removed':
      return 'roll forward: deploy the old images with a chart for this server';
    case 'crd-version':
      return 'migrate the stored objects and take the version out of status.storedVersions first';
    case 'immutable-field':
      return `recreate ${risk.object} by hand, or use \`mode: workloads\``;
    case 'service-type':
      return 'nothing: this is only worth knowing';
  }
}
