import type { KubeAccess } from '../kube/client.ts';

/** What the controllers' process is told, in a file only the user can read: it holds the token. */
export interface ControllerSettings {
  readonly dir: string;
  readonly access: KubeAccess;
  /** First two bytes of the rig's loopback network: `127.N`. */
  readonly prefix: string;
  /** Port of the log server on the rig's address. */
  readonly kubeletPort: number;
  /** Ready pods are made known to istiod. */
  readonly istio: boolean;
  /** Written when everything watches. */
  readonly readyFile: string;
}
