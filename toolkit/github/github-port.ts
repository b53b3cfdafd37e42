/** What the actions ask of GitHub, for one repository. Every function throws UserError (token, permission) or ApiError. */
export interface GitHubPort {
  createCommitStatus(status: CommitStatus): Promise<void>;
  /** Makes a completed check run; annotations go in batches of 50, one request each. Returns its id. */
  createCheckRun(check: CheckRun): Promise<number>;
  /**
   * Keeps one comment per marker on an issue or pull request: updated in place, left alone when its text is the same.
   * The marker is hidden in the comment; only comments of people and bots who may write here count as ours.
   */
  upsertStickyComment(comment: StickyComment): Promise<'created' | 'updated' | 'unchanged'>;
  /**
   * As `upsertStickyComment` where the text depends on the present one ('' at first). Looks again after writing and
   * edits once more when another job wrote in between, so `edit` has to be idempotent. GitHub has no conditional write:
   * two jobs that write in the same moment can still overwrite each other, so one job should do the writing.
   */
  editStickyComment(comment: StickyEdit): Promise<'created' | 'updated' | 'unchanged'>;
  /** undefined when there is no such environment. GitHub makes it without protection as soon as a job names it. */
  getEnvironment(name: string): Promise<EnvironmentProtection | undefined>;
  /** Returns the deployment's id. A job with `environment:` has one already: only on request. */
  createDeployment(deployment: Deployment): Promise<number>;
  createDeploymentStatus(id: number, status: DeploymentStatus): Promise<void>;
  /**
   * The open pull request whose head is this commit, also from a fork; else the one that brought it to a branch by its
   * merge; undefined when there is none.
   */
  findPullRequestBySha(sha: string): Promise<PullRequest | undefined>;
  /** `complete` is false when GitHub cut the list (3,000 files). */
  listPullRequestFiles(number: number): Promise<{ files: PullRequestFile[]; complete: boolean }>;
  /** Uploads one SARIF log (JSON text) to code scanning and returns the id to ask its state with. */
  uploadSarif(upload: SarifUpload): Promise<string>;
  getSarifState(id: string): Promise<SarifState>;
  /** undefined when there is no such run. */
  getWorkflowRun(id: number): Promise<WorkflowRun | undefined>;
  /** What reviewers said of the environments of a run, oldest first. */
  listReviews(runId: number): Promise<readonly EnvironmentReview[]>;
  /** The merge base of two commits or branches. */
  findMergeBase(base: string, head: string): Promise<string>;
}

export interface CommitStatus {
  readonly sha: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly context: string;
  /** Cut to the 140 characters GitHub takes. */
  readonly description: string;
  readonly targetUrl?: string | undefined;
}

export interface CheckRun {
  readonly headSha: string;
  readonly name: string;
  readonly conclusion:
    'action_required' | 'cancelled' | 'failure' | 'neutral' | 'skipped' | 'success' | 'timed_out';
  readonly title: string;
  /** Markdown; cut to the 65,535 characters GitHub takes. */
  readonly summary: string;
  readonly detailsUrl?: string | undefined;
  readonly annotations: readonly CheckAnnotation[];
}

export interface CheckAnnotation {
  /** Relative to the repository's root, with `/`. */
  readonly path: string;
  /** From 1. */
  readonly startLine: number;
  readonly endLine: number;
  /** From 1; GitHub takes columns only where start and end line are the same. */
  readonly startColumn?: number | undefined;
  readonly endColumn?: number | undefined;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly message: string;
  readonly title?: string | undefined;
  readonly details?: string | undefined;
}

export interface StickyComment {
  /** Number of the issue or pull request. */
  readonly issue: number;
  /** Which of our comments: letters, digits, `-`, `/`. */
  readonly marker: string;
  /** Markdown; cut to the 65,536 characters GitHub takes. */
  readonly body: string;
}

export interface StickyEdit extends Pick<StickyComment, 'issue' | 'marker'> {
  readonly edit: (current: string) => string;
}

export interface EnvironmentProtection {
  readonly name: string;
  /** Names of people and slugs of teams, one of whom has to approve. Empty: nobody has to. */
  readonly reviewers: readonly string[];
  readonly preventSelfReview: boolean;
  readonly waitMinutes: number;
  readonly branches: 'all' | 'protected' | 'custom';
}

export interface Deployment {
  /** Commit, branch or tag. */
  readonly ref: string;
  readonly environment: string;
  readonly description: string;
  readonly production: boolean;
  readonly transient: boolean;
}

export interface DeploymentStatus {
  readonly state: 'error' | 'failure' | 'inactive' | 'in_progress' | 'queued' | 'pending' | 'success';
  readonly description: string;
  readonly environmentUrl?: string | undefined;
  readonly logUrl?: string | undefined;
}

export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly draft: boolean;
  readonly headSha: string;
  readonly headRef: string;
  /** `owner/name`; differs from the base repository for a fork, undefined for a fork that was deleted. */
  readonly headRepository: string | undefined;
  readonly baseSha: string;
  readonly baseRef: string;
}

export interface PullRequestFile {
  readonly path: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed' | 'unchanged';
  readonly previousPath: string | undefined;
}

export interface SarifUpload {
  readonly commitSha: string;
  /** Full ref: `refs/heads/main`, `refs/pull/7/merge`. */
  readonly ref: string;
  /** The log as JSON text. */
  readonly log: string;
}

export interface SarifState {
  readonly state: 'pending' | 'complete' | 'failed';
  readonly errors: readonly string[];
}

export interface WorkflowRun {
  readonly status: string;
  readonly conclusion: string | undefined;
  readonly attempt: number;
}

export interface EnvironmentReview {
  readonly environments: readonly string[];
  readonly state: 'approved' | 'rejected' | 'pending';
  readonly by: string;
  readonly comment: string;
}
