import type { Fingerprinted } from './fingerprint.ts';

/** A finding with everything that was decided about it. */
export interface Judged extends Fingerprinted {
  readonly state: 'new' | 'unchanged';
  readonly waiver?: Waiver | undefined;
}

/** Someone's dated decision to live with a finding. */
export interface Waiver {
  /** Rule or vulnerability id. */
  readonly id: string;
  readonly purl?: string | undefined;
  /** Glob over repository paths. */
  readonly path?: string | undefined;
  readonly reason: string;
  /** Last day it holds, `YYYY-MM-DD`, UTC. Only entries imported from other tools' files may have none. */
  readonly expires?: string | undefined;
  readonly approvedBy?: string | undefined;
  /** File it was read from. */
  readonly origin: string;
}
