import type { KubeAccess } from '../kube/client.ts';

export const argocdNamespace = 'argocd';

/**
 * What the application controller and the repo server look for: settings, a project that allows everything, and the
 * cluster by its address, because the in-cluster default works in a pod only. Path of the collection → object.
 */
export function argocdObjects(
  access: KubeAccess,
  serverKey: string,
): readonly (readonly [string, unknown])[] {
  const core = `/api/v1/namespaces/${argocdNamespace}`;
  const named = (name: string, labels: Record<string, string> = {}) => ({
    metadata: {
      name,
      namespace: argocdNamespace,
      labels: { 'app.kubernetes.io/part-of': 'argocd', ...labels },
    },
  });
  const configMap = (name: string, data: Record<string, string> = {}): readonly [string, unknown] => [
    `${core}/configmaps`,
    { apiVersion: 'v1', kind: 'ConfigMap', ...named(name), data },
  ];
  const secret = (
    name: string,
    stringData: Record<string, string>,
    labels = {},
  ): readonly [string, unknown] => [
    `${core}/secrets`,
    { apiVersion: 'v1', kind: 'Secret', ...named(name, labels), stringData },
  ];
  const caData = Buffer.from(access.ca).toString('base64');
  return [
    ['/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: argocdNamespace } }],
    // Changes in a repository are noticed by looking: often, on a rig.
    configMap('argocd-cm', { 'timeout.reconciliation': '10s', 'timeout.reconciliation.jitter': '0s' }),
    configMap('argocd-rbac-cm'),
    configMap('argocd-cmd-params-cm'),
    configMap('argocd-ssh-known-hosts-cm'),
    configMap('argocd-tls-certs-cm'),
    configMap('argocd-gpg-keys-cm'),
    secret('argocd-secret', { 'server.secretkey': serverKey }),
    secret(
      'cluster-rig',
      {
        name: 'rig',
        server: access.server,
        config: JSON.stringify({ bearerToken: access.token, tlsClientConfig: { caData } }),
      },
      { 'argocd.argoproj.io/secret-type': 'cluster' },
    ),
    [
      `/apis/argoproj.io/v1alpha1/namespaces/${argocdNamespace}/appprojects`,
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AppProject',
        ...named('default'),
        spec: {
          sourceRepos: ['*'],
          destinations: [{ namespace: '*', server: '*' }],
          clusterResourceWhitelist: [{ group: '*', kind: '*' }],
        },
      },
    ],
  ];
}
