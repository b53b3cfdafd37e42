import type { Operation } from './openapi.ts';

export type Level = 'read' | 'write';

/** What a token may do, in the words of a workflow's `permissions:`. */
export interface Token {
  readonly value: string;
  readonly login: string;
  readonly permissions: Readonly<Record<string, Level>>;
  revoked: boolean;
}

/** Which permission guards what, by the first segment behind the repository. */
const guards: Readonly<Record<string, string>> = {
  statuses: 'statuses',
  status: 'statuses',
  'check-runs': 'checks',
  'check-suites': 'checks',
  deployments: 'deployments',
  environments: 'actions',
  actions: 'actions',
  issues: 'issues',
  pulls: 'pull_requests',
  'code-scanning': 'security_events',
  commits: 'contents',
  compare: 'contents',
  contents: 'contents',
  git: 'contents',
  branches: 'contents',
};

export interface Needed {
  readonly permissions: readonly string[];
  readonly level: Level;
}

/** The permission an operation needs; any one of the list is enough. */
export function neededPermission(operation: Operation): Needed {
  const [subject = '', ...rest] = operation.segments.slice(3);
  const level = operation.method === 'GET' ? 'read' : 'write';
  if (subject === '') return { permissions: ['metadata'], level: 'read' };
  if (subject === 'commits') {
    const last = rest.at(-1) ?? '';
    const guard = {
      statuses: 'statuses',
      status: 'statuses',
      'check-runs': 'checks',
      pulls: 'pull_requests',
    }[last];
    return { permissions: [guard ?? 'contents'], level };
  }
  // A comment on a pull request is written with either permission.
  if (subject === 'issues') return { permissions: ['issues', 'pull_requests'], level };
  return { permissions: [guards[subject] ?? subject], level };
}

export function isAllowed(token: Token, needed: Needed): boolean {
  return needed.permissions.some((name) => {
    const has = token.permissions[name];
    return name === 'metadata' || has === 'write' || (has === 'read' && needed.level === 'read');
  });
}
