/** Namespaces that belong to the cluster itself. */
export function isForbiddenNamespace(namespace: string): boolean {
  return namespace === 'default' || namespace.startsWith('kube-');
}
