/** Sets an action's outputs, masks secrets and keeps state for the `post` step. */
export interface Outputs {
  set(name: string, value: string | number | boolean): void;
}

/** The job summary of this step: Markdown, at most 1 MiB or the runner drops it whole; cut at 900 kB here. */
export interface SummaryPort {
  write(markdown: string): Promise<void>;
}

/** Text handed from the main step to the `post` step. */
export interface StatePort {
  save(name: string, value: string): void;
  get(name: string): string;
}
