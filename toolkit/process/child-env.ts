/** What any child may see: where to find programs and certificates, the locale, the proxy. */
const always = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LANG',
  'TZ',
  'TERM',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'SystemRoot',
  'APPDATA',
  'LOCALAPPDATA',
  'USERPROFILE',
  'PATHEXT',
  'ComSpec',
  // By it the runner finds and ends what a killed job left running.
  'RUNNER_TRACKING_ID',
];

/** What the authentication plugins of kubectl and helm read (EKS, GKE, AKS). Scanners and linters never get these. */
const cluster = [
  /^AWS_/,
  /^GOOGLE_/,
  /^CLOUDSDK_/,
  /^AZURE_/,
  /^ARM_/,
  /^KUBECONFIG$/,
  // HELM_KUBECONTEXT, HELM_KUBEAPISERVER and their like lead helm to another cluster than kubectl.
  /^HELM_(?!KUBE)/,
  /^USE_GKE_GCLOUD_AUTH_PLUGIN$/,
];

/** By it kubectl and helm find the cluster of the pod they run in, also where a kubeconfig turns out to name none. */
const ownCluster = /^KUBERNETES_SERVICE_(HOST|PORT)$/;

/**
 * The allow-listed environment of a child process. Tokens of GitHub and of the runner are on no list:
 * a child that needs one credential gets exactly that one through `extra`.
 */
export function childEnv(
  env: Readonly<Record<string, string | undefined>>,
  kind: 'plain' | 'cluster',
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const inCluster = kind === 'cluster' && (extra.KUBECONFIG ?? env.KUBECONFIG ?? '') === '';
  const allowed = (name: string): boolean =>
    always.includes(name) ||
    name.startsWith('LC_') ||
    (kind === 'cluster' && cluster.some((p) => p.test(name))) ||
    (inCluster && ownCluster.test(name));
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && allowed(name)) picked[name] = value;
  return { ...picked, ...extra };
}
