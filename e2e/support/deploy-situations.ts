/** Situations in a real cluster that a deploy meets, with the code it must end with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageStore } from '../../rig/images/image-store.ts';
import type { DeploySite } from './deploy-site.ts';
import { eventually } from './eventually.ts';
import { configMap, hookJob, service } from './manifests.ts';
import { kubectl, rig } from './rig.ts';

export interface Situation {
  readonly name: string;
  readonly code: string;
  readonly manifest: string;
  /** What the error or the summary must tell. */
  readonly says: RegExp;
  readonly majors?: readonly (3 | 4)[];
  readonly timeout?: string;
  /** Makes the cluster so; the namespace exists, and `app('1')` is deployed when `after` says so. */
  readonly prepare?: (site: DeploySite) => Promise<Readonly<Record<string, string>> | undefined>;
  readonly after?: 'a deploy' | 'nothing';
  /** Refused before the release has a new revision. */
  readonly early?: boolean;
}

export interface PodOptions {
  readonly image?: string;
  /** The image's process really runs. */
  readonly runs?: boolean;
  readonly node?: string;
  readonly claim?: string;
}

export function workload(kind: 'Deployment' | 'StatefulSet', options: PodOptions = {}): string {
  const { image = 'shop/app:2', runs = false, node, claim } = options;
  const probe = runs ? ', readinessProbe: {httpGet: {path: /, port: 3000}, periodSeconds: 1}' : '';
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
${kind === 'StatefulSet' ? '  serviceName: app\n' : ''}  template:
    metadata:
      labels: {app: app}
      annotations: {rig.gated-delivery.dev/run: "${runs}"}
    spec:
      terminationGracePeriodSeconds: 0
      nodeSelector: ${node === undefined ? '{}' : `{pool: ${node}}`}
      containers: [{name: main, image: "${image}", ports: [{containerPort: 3000}]${probe}${claim === undefined ? '' : ', volumeMounts: [{name: data, mountPath: /data}]'}}]
${claim === undefined ? '' : `      volumes: [{name: data, persistentVolumeClaim: {claimName: ${claim}}}]\n`}`;
}

/** Publishes an image whose process is this script; returns its reference. */
export async function publish(name: string, script: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'gd-image-'));
  writeFileSync(join(folder, 'main.js'), script);
  writeFileSync(join(folder, 'image.json'), JSON.stringify({ command: ['node', 'main.js'] }));
  const reference = `e2e/${name}:1`;
  await imageStore(join(rig().dir, 'images')).publish(reference, folder);
  rmSync(folder, { recursive: true, force: true });
  return reference;
}

/** A kubeconfig of a ServiceAccount that has these rules in the namespace. */
export async function kubeconfigOf(
  site: Pick<DeploySite, 'namespace' | 'kubernetes'>,
  rules: readonly unknown[],
): Promise<string> {
  const { namespace } = site;
  const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'deployer' };
  const subjects = [{ kind: 'ServiceAccount', name: 'deployer', namespace }];
  const metadata = { name: 'deployer', namespace };
  await site.kubernetes.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  await site.kubernetes.create({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules });
  await site.kubernetes.create({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata,
    roleRef: role,
    subjects,
  });
  // Whether the namespace is there is asked first.
  await kubectl(
    'create',
    'clusterrolebinding',
    namespace,
    '--clusterrole=view',
    `--serviceaccount=${namespace}:deployer`,
  );
  await kubectl('create', 'clusterrole', namespace, '--verb=get', '--resource=namespaces');
  await kubectl(
    'create',
    'clusterrolebinding',
    `${namespace}-ns`,
    `--clusterrole=${namespace}`,
    `--serviceaccount=${namespace}:deployer`,
  );
  const token = (await kubectl('create', 'token', 'deployer', '-n', namespace)).trim();
  return withToken(token);
}

/** The rig's kubeconfig with another token. */
export async function withToken(token: string): Promise<string> {
  const config = JSON.parse(await kubectl('config', 'view', '--raw', '-o', 'json')) as {
    users: { user: unknown }[];
  };
  for (const entry of config.users) entry.user = { token };
  return JSON.stringify(config);
}

const everything = { verbs: ['*'] };
const ours = [
  { ...everything, apiGroups: [''], resources: ['secrets', 'configmaps', 'pods'] },
  { ...everything, apiGroups: ['coordination.k8s.io'], resources: ['leases'] },
];

export const situations: readonly Situation[] = [
  {
    name: 'another manager owns the field',
    code: 'E_CONFLICT',
    majors: [4],
    after: 'a deploy',
    manifest: workload('Deployment'),
    says: /other/,
    prepare: async ({ namespace, kubernetes }) => {
      const object = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'app', namespace },
        spec: {
          selector: { matchLabels: { app: 'app' } },
          template: {
            metadata: { labels: { app: 'app' } },
            spec: { containers: [{ name: 'main', image: 'shop/app:other' }] },
          },
        },
      };
      await kubernetes.apply([object], { fieldManager: 'other', force: true });
      return undefined;
    },
  },
  {
    name: 'the quota has no room for the pods of a Deployment',
    code: 'E_QUOTA',
    manifest: workload('Deployment'),
    says: /exceeded quota: small/,
    timeout: '8s',
    prepare: ({ namespace, kubernetes }) => quota(kubernetes, namespace, { pods: '0' }),
  },
  {
    name: 'the quota has no room for the pods of a StatefulSet',
    code: 'E_QUOTA',
    manifest: workload('StatefulSet'),
    says: /exceeded quota: small/,
    timeout: '8s',
    prepare: ({ namespace, kubernetes }) => quota(kubernetes, namespace, { pods: '0' }),
  },
  {
    name: 'the quota has no room for an object',
    code: 'E_QUOTA',
    manifest: service('app', 'ClusterIP'),
    says: /exceeded quota: small/,
    prepare: ({ namespace, kubernetes }) => quota(kubernetes, namespace, { 'count/services': '0' }),
  },
  {
    name: 'a policy lets no such pods in',
    code: 'E_ADMISSION',
    manifest: workload('Deployment'),
    says: /violates PodSecurity/,
    timeout: '60s',
    prepare: async ({ namespace }) => {
      await kubectl('label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted');
      return undefined;
    },
  },
  {
    name: 'a policy refuses an object',
    code: 'E_ADMISSION',
    manifest: configMap('settings', 'forbidden'),
    says: /not in this namespace/,
    prepare: async ({ namespace, kubernetes }) => {
      const apiVersion = 'admissionregistration.k8s.io/v1';
      await kubernetes.create({
        apiVersion,
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: namespace },
        spec: {
          matchConstraints: {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
            resourceRules: [
              { apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE'] },
            ],
          },
          validations: [
            { expression: 'object.metadata.name != "settings"', message: 'not in this namespace' },
          ],
        },
      });
      await kubernetes.create({
        apiVersion,
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: namespace },
        spec: { policyName: namespace, validationActions: ['Deny'] },
      });
      // The server takes a moment until it asks the policy.
      await eventually(async () => {
        const create = ['create', 'configmap', 'settings', '--namespace', namespace, '--dry-run=server'];
        return kubectl(...create).then(
          () => false,
          (error: unknown) => String(error).includes('not in this namespace'),
        );
      });
      return undefined;
    },
  },
  {
    name: 'the identity may not keep releases',
    code: 'E_RBAC',
    early: true,
    manifest: workload('Deployment'),
    says: /may not .*list secrets/,
    prepare: async (site) => ({ kubeconfig: await kubeconfigOf(site, ours.slice(1)) }),
  },
  {
    name: 'the identity may not make what the chart holds',
    code: 'E_RBAC',
    early: true,
    manifest: workload('Deployment'),
    says: /deployments/,
    prepare: async (site) => ({ kubeconfig: await kubeconfigOf(site, ours) }),
  },
  {
    name: 'the container crashes',
    code: 'E_CRASHLOOP',
    manifest: '',
    says: /no database at all/,
    timeout: '60s',
    prepare: async (site) => {
      const image = await publish('crash', 'console.log("no database at all"); process.exit(3);');
      site.chart(workload('Deployment', { image, runs: true }));
      return undefined;
    },
  },
  {
    name: 'the image is not there',
    code: 'E_IMAGE_PULL',
    manifest: workload('Deployment', { image: 'e2e/nobody-published-this:1', runs: true }),
    says: /e2e\/nobody-published-this:1/,
    timeout: '60s',
  },
  {
    name: 'no node fits',
    code: 'E_UNSCHEDULABLE',
    manifest: workload('Deployment', { node: 'nowhere' }),
    says: /no node can take it/,
    timeout: '8s',
  },
  {
    name: 'the claim is not bound',
    code: 'E_PVC',
    manifest: `${workload('Deployment', { claim: 'data' })}---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`,
    says: /data/,
    timeout: '8s',
  },
  {
    name: 'a hook fails',
    code: 'E_HOOK',
    manifest: '',
    says: /column is taken/,
    timeout: '40s',
    prepare: async (site) => {
      const image = await publish('hook', 'console.log("column is taken"); process.exit(1);');
      const job = hookJob('migrate', 'pre-install,pre-upgrade', { image }).replace(
        'kwok.x-k8s.io/stage: complete',
        'rig.gated-delivery.dev/run: "true"',
      );
      site.chart(`${workload('Deployment')}---\n${job}`);
      return undefined;
    },
  },
  {
    name: 'the chart does not render',
    code: 'E_RENDER',
    early: true,
    manifest: 'a: {{ .Values.one.two.three }}',
    says: /nil pointer/,
  },
  {
    name: 'a definition is missing',
    code: 'E_CRD',
    early: true,
    manifest: 'apiVersion: nobody.example.com/v1\nkind: Gadget\nmetadata: {name: one}\n',
    says: /Gadget/,
  },
  {
    name: 'an object is someone else’s',
    code: 'E_OWNERSHIP',
    early: true,
    manifest: configMap('settings', '1'),
    says: /settings/,
    prepare: async ({ namespace }) => {
      await kubectl('create', 'configmap', 'settings', '-n', namespace);
      return undefined;
    },
  },
  {
    name: 'the selector of a Deployment would change',
    code: 'E_IMMUTABLE',
    after: 'a deploy',
    early: true,
    manifest: workload('Deployment').replaceAll('{app: app}', '{app: app, track: stable}'),
    says: /spec\.selector/,
  },
  {
    name: 'a claim would be deleted',
    code: 'E_DATA_LOSS',
    early: true,
    manifest: configMap('settings', '2'),
    says: /PersistentVolumeClaim\/data/,
    prepare: async (site) => {
      const claim =
        'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n';
      site.chart(`${configMap('settings', '1')}---\n${claim}`);
      await site.helm('upgrade', '--install', 'app', './chart');
      site.chart(configMap('settings', '2'));
      return undefined;
    },
  },
  {
    name: 'the pods never answer',
    code: 'E_TIMEOUT',
    manifest: '',
    says: /0 of 1 pods are available/,
    timeout: '8s',
    prepare: async (site) => {
      const image = await publish('silent', 'console.log("thinking"); setInterval(() => {}, 1000);');
      site.chart(workload('Deployment', { image, runs: true }));
      return undefined;
    },
  },
  {
    name: 'the token is wrong',
    code: 'E_AUTH',
    early: true,
    manifest: workload('Deployment'),
    says: /logged in|Unauthorized|credentials/,
    prepare: async () => ({ kubeconfig: await withToken('wrong') }),
  },
  {
    name: 'nothing answers at the address',
    code: 'E_AUTH',
    early: true,
    manifest: workload('Deployment'),
    says: /does not answer/,
    prepare: async () => ({
      kubeconfig: (await kubectl('config', 'view', '--raw', '-o', 'json')).replace(
        /"server": *"[^"]*"/,
        '"server": "https://127.0.0.1:9"',
      ),
    }),
  },
  {
    name: 'the branch belongs nowhere',
    code: 'E_UNMAPPED',
    early: true,
    manifest: workload('Deployment'),
    says: /no entry/,
    prepare: () => Promise.resolve({ branch: 'elsewhere', 'on-unmapped': 'fail' }),
  },
  {
    name: 'another run has the lock',
    code: 'E_LOCKED',
    early: true,
    manifest: workload('Deployment'),
    says: /example\/shop\/77\/1\/other/,
    prepare: async ({ namespace, kubernetes }) => {
      const now = new Date().toISOString().replace('Z', '000Z');
      await kubernetes.create({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: 'gated-delivery', namespace },
        spec: {
          holderIdentity: 'example/shop/77/1/other',
          leaseDurationSeconds: 60,
          acquireTime: now,
          renewTime: now,
        },
      });
      return { 'lock-timeout': '1s' };
    },
  },
];

async function quota(
  kubernetes: DeploySite['kubernetes'],
  namespace: string,
  hard: Readonly<Record<string, string>>,
): Promise<undefined> {
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'small', namespace },
    spec: { hard },
  };
  await kubernetes.create(quota);
  // Only once the controller has counted does the server refuse.
  for (let tries = 0; tries < 50; tries += 1) {
    const seen = await kubernetes.get({ resource: 'resourcequotas', name: 'small', namespace });
    if ((seen?.status as { hard?: unknown } | undefined)?.hard !== undefined) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the quota was never counted');
}
