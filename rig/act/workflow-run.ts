/** What to run: one workflow of a consumer's repository, as one event would start it. */
export interface WorkflowRun {
  /** The act binary; default `act` of PATH. */
  readonly act?: string;
  /** The consumer's repository on disk: what is committed there is what the run sees. */
  readonly repoDir: string;
  /** `owner/name`; default `example/shop`. */
  readonly repository?: string;
  /** Path inside the repository, e.g. `.github/workflows/delivery.yml`. */
  readonly workflow: string;
  readonly event: string;
  readonly eventPayload?: Readonly<Record<string, unknown>>;
  /** Full ref: `refs/heads/main`, `refs/pull/7/merge`, `refs/tags/v1`. */
  readonly ref: string;
  /** Default: the commit `ref` names in the repository. */
  readonly sha?: string;
  /** `GITHUB_TOKEN` here is the job's token. They reach act by a file of mode 0600 that is removed after the run. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** The machine's environment, as on a self-hosted runner: PATH (Node 24 first), KUBECONFIG, HOME … */
  readonly env: Readonly<Record<string, string>>;
  /** The suite as `repository@ref` resolves to: a folder made by scripts/release.ts. */
  readonly suite?: { readonly path: string; readonly repository: string; readonly ref: string };
  /** Base URL of the API, e.g. of the GitHub stand-in. */
  readonly githubUrl?: string;
  /** Gets summaries, artifacts, the log and the workspaces. */
  readonly outDir: string;
  /** Artifacts of an earlier run, which this one can download as `run-id` lets it. */
  readonly artifacts?: string;
  readonly actor?: string;
  readonly runId?: number;
  readonly runAttempt?: number;
  /** Aborted: the run is cancelled as by the button on GitHub. */
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

export type Result = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface StepResult {
  readonly id: string;
  readonly name: string;
  readonly stage: 'Pre' | 'Main' | 'Post';
  readonly result: Result;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface JobResult {
  /** As act names it: `<workflow or calling job>/<workflow file>/<job id>`, or `<workflow>/<job id>`. */
  readonly name: string;
  /** The job's id in its workflow file. */
  readonly id: string;
  readonly matrix: Readonly<Record<string, unknown>>;
  /** A job that began and has no result was cut off by a cancellation. */
  readonly result: Result;
  readonly steps: readonly StepResult[];
  /** Warnings, errors and notices the job's steps printed as workflow commands, unparsed. */
  readonly annotations: readonly string[];
}

export interface WorkflowResult {
  /** 0 when every job succeeded or was skipped. */
  readonly code: number;
  readonly jobs: readonly JobResult[];
  /** What a reader of the run's page sees: secrets masked. */
  readonly log: string;
  /** Markdown files, one per step that wrote a summary, in order. */
  readonly summaries: readonly string[];
  /** Folder with one folder per uploaded artifact. */
  readonly artifacts: string;
}
