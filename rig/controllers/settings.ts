import type { KubeAccess } from '../kube/client.ts';

/** What the controllers' process is told, in a file only the user can read: it holds the token. */
export interface ControllerSettings {
  readonly dir: string;
  readonly access: KubeAccess;
  /** Written when everything watches. */
  readonly readyFile: string;
}
