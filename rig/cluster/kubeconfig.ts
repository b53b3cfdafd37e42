import type { KubeAccess } from '../kube/client.ts';

/** A kubeconfig (JSON is YAML) that trusts exactly this API server's certificate authority. */
export function kubeconfigText(access: KubeAccess): string {
  const ca = Buffer.from(access.ca).toString('base64');
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'rig', cluster: { server: access.server, 'certificate-authority-data': ca } }],
      users: [{ name: 'admin', user: { token: access.token } }],
      contexts: [{ name: 'rig', context: { cluster: 'rig', user: 'admin' } }],
      'current-context': 'rig',
    },
    null,
    2,
  )}\n`;
}

/** The authority in the file the API server writes with its self-signed certificate: the last of the chain. */
export function authorityOf(chain: string): string {
  const certificates = chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const last = certificates.at(-1);
  if (certificates.length < 2 || last === undefined)
    throw new Error('the API server wrote no certificate authority');
  return `${last}\n`;
}
