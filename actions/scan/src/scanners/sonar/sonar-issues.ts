import { above } from '../../../../../toolkit/files/repository-path.ts';
import { levelOfSeverity, type Finding, type Severity } from '../../../../../toolkit/findings/finding.ts';
import { issues as schema, type SonarIssues } from './sonar-answers.ts';
import type { SonarClient } from './sonar-client.ts';

const pageSize = 500;
/** The server gives no more than this many of one search. */
const most = 10_000;

export interface FoundIssues {
  readonly findings: readonly Finding[];
  /** Those the server counts as there before its new code. */
  readonly known: readonly Finding[];
  readonly notes: readonly string[];
}

/** Open issues of a project, or of its branch or pull request (`scope`), as findings below `path`. */
export async function readIssues(
  client: SonarClient,
  tool: string,
  scope: Readonly<Record<string, string>>,
  path: string,
): Promise<FoundIssues> {
  const open = await search(client, scope);
  const fresh = new Set((await search(client, { ...scope, inNewCodePeriod: 'true' })).keys);
  const findings = open.pages.flatMap((page) => toFindings(tool, page, path));
  const isPullRequest = scope.pullRequest !== undefined;
  return {
    findings,
    known: isPullRequest ? [] : findings.filter((_, index) => !fresh.has(open.keys[index] ?? '')),
    notes: open.total > most ? [`${most} of ${open.total} issues: the server gives no more`] : [],
  };
}

async function search(
  client: SonarClient,
  query: Readonly<Record<string, string>>,
): Promise<{ pages: SonarIssues[]; keys: string[]; total: number }> {
  const pages: SonarIssues[] = [];
  let total = 0;
  for (let page = 1; page === 1 || (page - 1) * pageSize < Math.min(total, most); page += 1) {
    const answer = await client.get(
      'api/issues/search',
      { ...query, resolved: 'false', ps: String(pageSize), p: String(page) },
      schema,
    );
    total = answer.paging.total;
    pages.push(answer);
  }
  return { pages, keys: pages.flatMap(({ issues }) => issues.map(({ key }) => key)), total };
}

function toFindings(tool: string, { issues, components }: SonarIssues, path: string): Finding[] {
  const paths = new Map(components.map((component) => [component.key, component.path]));
  return issues.map((issue) => {
    const severity = toSeverity(issue.severity);
    const file = paths.get(issue.component) ?? issue.component.slice(issue.component.indexOf(':') + 1);
    const range = issue.textRange;
    return {
      tool,
      rule: issue.rule,
      message: issue.message,
      level: levelOfSeverity(severity),
      severity,
      location: {
        path: above(file, path),
        startLine: range?.startLine ?? 1,
        ...(range === undefined
          ? {}
          : { endLine: range.endLine, startColumn: range.startOffset + 1, endColumn: range.endOffset + 1 }),
      },
      ...(range === undefined ? { excerpt: [issue.message] } : {}),
    };
  });
}

function toSeverity(text: string): Severity {
  const severities: Readonly<Record<string, Severity>> = {
    BLOCKER: 'critical',
    CRITICAL: 'high',
    MAJOR: 'medium',
    MINOR: 'low',
    INFO: 'low',
  };
  return severities[text] ?? 'unknown';
}
