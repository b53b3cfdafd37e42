import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

export interface Parts {
  readonly helm: 3 | 4;
  readonly istio: boolean;
  readonly prometheus: boolean;
  readonly argocd: boolean;
  readonly flagger: boolean;
  readonly rollouts: boolean;
}

const controlPlane = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'kwok-stages',
];

/** The programs users of the rig call: program → tool of tools.lock. */
export function clientTools(parts: Parts): Readonly<Record<string, string>> {
  return {
    kubectl: 'kubectl',
    helm: parts.helm === 3 ? 'helm3' : 'helm',
    helmfile: 'helmfile',
    ...(parts.prometheus ? { promtool: 'prometheus' } : {}),
    ...(parts.argocd ? { argocd: 'argocd' } : {}),
  };
}

/** Names in tools.lock of all that a rig with these parts needs. */
export function neededTools(parts: Parts): string[] {
  return [
    ...new Set([
      ...controlPlane,
      ...Object.values(clientTools(parts)),
      ...(parts.istio ? ['pilot-discovery', 'istio-crds', 'gateway-api-crds', 'envoy'] : []),
      ...(parts.prometheus ? ['prometheus'] : []),
      ...(parts.argocd ? ['argocd', 'argocd-crds', 'redis'] : []),
      ...(parts.flagger ? ['flagger', 'flagger-crds'] : []),
      ...(parts.rollouts ? ['rollouts-controller', 'rollouts-crds'] : []),
    ]),
  ];
}

/** Links the client programs into `binDir`. */
export function linkClients(
  binDir: string,
  parts: Parts,
  tool: (name: string, file: string) => string,
): void {
  mkdirSync(binDir, { recursive: true });
  for (const [program, name] of Object.entries(clientTools(parts))) {
    symlinkSync(tool(name, program), join(binDir, program));
  }
}
