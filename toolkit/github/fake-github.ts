import type {
  CheckRun,
  CommitStatus,
  Deployment,
  DeploymentStatus,
  EnvironmentProtection,
  EnvironmentReview,
  GitHubPort,
  PullRequest,
  PullRequestFile,
  SarifUpload,
  WorkflowRun,
} from './github-port.ts';

/** What a test puts in and reads back. */
export interface FakeGitHub extends GitHubPort {
  readonly statuses: CommitStatus[];
  readonly checks: CheckRun[];
  /** `issue/marker` → body. */
  readonly comments: Map<string, string>;
  readonly environments: Map<string, EnvironmentProtection>;
  readonly deployments: (Deployment & { statuses: DeploymentStatus[] })[];
  readonly pullRequests: PullRequest[];
  readonly files: Map<number, PullRequestFile[]>;
  readonly sarifs: SarifUpload[];
  readonly runs: Map<number, WorkflowRun>;
  readonly reviews: EnvironmentReview[];
  mergeBase: string;
  /** Thrown by every call while it is set. */
  failure: Error | undefined;
}

/** GitHub in memory. */
export function fakeGitHub(): FakeGitHub {
  const fake: FakeGitHub = {
    statuses: [],
    checks: [],
    comments: new Map(),
    environments: new Map(),
    deployments: [],
    pullRequests: [],
    files: new Map(),
    sarifs: [],
    runs: new Map(),
    reviews: [],
    mergeBase: '0'.repeat(40),
    failure: undefined,

    createCommitStatus: async (status) => {
      answer();
      fake.statuses.push(status);
    },
    createCheckRun: async (check) => {
      answer();
      return fake.checks.push(check);
    },
    upsertStickyComment: async ({ issue, marker, body }) =>
      fake.editStickyComment({ issue, marker, edit: () => body }),
    editStickyComment: async ({ issue, marker, edit }) => {
      answer();
      const key = `${issue}/${marker}`;
      const before = fake.comments.get(key);
      const after = edit(before ?? '');
      fake.comments.set(key, after);
      return before === undefined ? 'created' : before === after ? 'unchanged' : 'updated';
    },
    getEnvironment: async (name) => {
      answer();
      return fake.environments.get(name);
    },
    createDeployment: async (deployment) => {
      answer();
      return fake.deployments.push({ ...deployment, statuses: [] });
    },
    createDeploymentStatus: async (id, status) => {
      answer();
      fake.deployments[id - 1]?.statuses.push(status);
    },
    findPullRequestBySha: async (sha) => {
      answer();
      return fake.pullRequests.find((pull) => pull.headSha === sha);
    },
    listPullRequestFiles: async (number) => {
      answer();
      return { files: fake.files.get(number) ?? [], complete: true };
    },
    uploadSarif: async (upload) => {
      answer();
      return String(fake.sarifs.push(upload));
    },
    getSarifState: async () => {
      answer();
      return { state: 'complete', errors: [] };
    },
    getWorkflowRun: async (id) => {
      answer();
      return fake.runs.get(id);
    },
    listReviews: async () => {
      answer();
      return fake.reviews;
    },
    findMergeBase: async () => {
      answer();
      return fake.mergeBase;
    },
  };
  const answer = (): void => {
    if (fake.failure !== undefined) throw fake.failure;
  };
  return fake;
}
