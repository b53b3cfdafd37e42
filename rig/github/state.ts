/** What the stand-in knows about one repository. Tests read and seed it directly. */
export interface RepositoryState {
  readonly fullName: string;
  readonly id: number;
  defaultBranch: string;
  /** A bare or normal git repository on disk that answers commits, refs and comparisons. */
  git: string | undefined;
  readonly statuses: CommitStatus[];
  readonly checkRuns: CheckRun[];
  readonly deployments: Deployment[];
  readonly environments: Map<string, Environment>;
  readonly comments: Comment[];
  readonly pulls: PullRequest[];
  readonly runs: WorkflowRunState[];
  readonly reviews: Review[];
  readonly artifacts: Artifact[];
  readonly sarifs: SarifUpload[];
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: string;
  readonly createdAt: string;
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly message: string;
  readonly title?: string;
  readonly raw_details?: string;
}

export interface CheckRun {
  readonly id: number;
  readonly headSha: string;
  name: string;
  status: string;
  conclusion: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  detailsUrl: string | null;
  externalId: string | null;
  /** Updates append, as on GitHub. */
  readonly annotations: Annotation[];
  startedAt: string;
  completedAt: string | null;
}

export interface Deployment {
  readonly id: number;
  readonly ref: string;
  readonly sha: string;
  readonly environment: string;
  readonly task: string;
  readonly description: string | null;
  readonly payload: unknown;
  readonly creator: string;
  readonly createdAt: string;
  readonly statuses: DeploymentStatus[];
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly createdAt: string;
}

export interface Environment {
  readonly id: number;
  readonly name: string;
  waitTimerMinutes: number;
  reviewers: { readonly type: 'User' | 'Team'; readonly name: string; readonly id: number }[];
  preventSelfReview: boolean;
  branchPolicy: 'protected' | 'custom' | undefined;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly author: string;
  readonly createdAt: string;
  updatedAt: string;
  /** How often it was edited: an unchanged comment must not be touched. */
  edits: number;
}

export interface PullRequest {
  readonly number: number;
  title: string;
  state: 'open' | 'closed';
  merged: boolean;
  draft: boolean;
  readonly base: { readonly ref: string; readonly sha: string };
  readonly head: { readonly ref: string; readonly sha: string; readonly repository: string };
  readonly author: string;
  /** The commit its merge made on the base branch. */
  mergeSha?: string;
  /** Set to answer without a git repository. */
  files?: { readonly filename: string; readonly status: string; readonly previous?: string }[];
}

export interface WorkflowRunState {
  readonly id: number;
  readonly name: string;
  readonly event: string;
  readonly headSha: string;
  readonly headBranch: string;
  attempt: number;
  status: 'queued' | 'in_progress' | 'completed' | 'waiting';
  conclusion: string | null;
  readonly jobs: { readonly id: number; readonly name: string; status: string; conclusion: string | null }[];
  readonly startedAt: string;
}

/** What reviewers said of environments of a run. */
export interface Review {
  readonly runId: number;
  readonly environments: readonly string[];
  readonly state: 'approved' | 'rejected' | 'pending';
  readonly by: string;
  readonly comment: string;
}

export interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly runId: number;
  readonly bytes: number;
  expired: boolean;
}

export interface SarifUpload {
  readonly id: string;
  readonly commitSha: string;
  readonly ref: string;
  readonly category: string | undefined;
  /** The decoded SARIF log. */
  readonly log: unknown;
  status: 'pending' | 'complete' | 'failed';
  errors: string[];
}

export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  /** Operation id of GitHub's description; undefined for an address it does not have. */
  readonly operation: string | undefined;
  readonly status: number;
  readonly body: unknown;
}

/** What GitHub would have refused, or what this server answered wrongly. A test with any of these has failed. */
export interface Violation {
  readonly kind: 'request' | 'response';
  readonly operation: string;
  readonly problems: readonly string[];
}

export interface GitHubState {
  readonly repositories: Map<string, RepositoryState>;
  readonly requests: RequestRecord[];
  readonly violations: Violation[];
  /** The next id of anything: ids differ across kinds, so that a mix-up shows. */
  nextId(): number;
  /** The repository of this name; made when it is new. */
  repository(fullName: string): RepositoryState;
}

export function createState(): GitHubState {
  const repositories = new Map<string, RepositoryState>();
  let id = 1000;
  const nextId = (): number => (id += 1);
  return {
    repositories,
    requests: [],
    violations: [],
    nextId,
    repository(fullName) {
      const found = repositories.get(fullName);
      if (found !== undefined) return found;
      const repository: RepositoryState = {
        fullName,
        id: nextId(),
        defaultBranch: 'main',
        git: undefined,
        statuses: [],
        checkRuns: [],
        deployments: [],
        environments: new Map(),
        comments: [],
        pulls: [],
        runs: [],
        reviews: [],
        artifacts: [],
        sarifs: [],
      };
      repositories.set(fullName, repository);
      return repository;
    },
  };
}
