import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fakeClock } from '../../../../../toolkit/clock/fake-clock.ts';
import type { GitHubContext } from '../../../../../toolkit/action/github-context.ts';
import { readGitHubContext } from '../../../../../toolkit/action/github-context.ts';
import { neverAborted } from '../../../../../toolkit/action/silent-log.ts';
import type { HttpAnswer, HttpPort } from '../../../../../toolkit/http/http.ts';
import { awaitTask } from './await-task.ts';
import { gateFindings, gateNote, gateTable } from './quality-gate.ts';
import type { Gate, SonarTask } from './sonar-answers.ts';
import { sonarClient, type SonarClient } from './sonar-client.ts';
import { readIssues } from './sonar-issues.ts';
import { readProperties, untrustedProperty } from './sonar-properties.ts';
import { sonarScope } from './sonar-scope.ts';

const signal = neverAborted;

/** A client whose answers come from a function, checked against the schema by nobody. */
function clientOf(answer: (path: string, query: Readonly<Record<string, string>>) => unknown): SonarClient {
  return { get: async (path, query) => answer(path, query) };
}

describe('awaitTask', () => {
  const wait = (tasks: SonarTask[], timeoutMs = 600_000) => {
    const clock = fakeClock();
    const client = clientOf(() => ({ task: tasks.length > 1 ? tasks.shift() : tasks[0] }));
    return { clock, end: awaitTask(client, 'T1', { clock, signal, timeoutMs }) };
  };
  const pending: SonarTask = { status: 'PENDING' };
  const done: SonarTask = { status: 'SUCCESS', analysisId: 'A1' };

  it('asks after 1, 2, 4, 8 and then every 15 s', async () => {
    const { clock, end } = wait([...Array<SonarTask>(6).fill(pending), done]);
    expect(await end).toEqual({ kind: 'done', analysisId: 'A1' });
    expect(clock.slept).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });

  it('never waits past its time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 200_000 }), async (timeoutMs) => {
        const { clock, end } = wait([pending], timeoutMs);
        expect((await end).kind).toBe('failed');
        expect(clock.now()).toBe(timeoutMs);
      }),
    );
  });

  it('says in one line why the server failed', async () => {
    const { end } = wait([{ status: 'FAILED', errorMessage: 'Validation failed:\n  o too old' }]);
    expect(await end).toEqual({
      kind: 'failed',
      message: "the server's analysis is FAILED: Validation failed: o too old",
    });
  });
});

describe('sonarClient', () => {
  const answers = (...list: (Partial<HttpAnswer> & { status: number })[]) => {
    const sent: string[] = [];
    const http: HttpPort = {
      send: async ({ url, headers }) => {
        sent.push(`${url} ${headers.authorization ?? ''}`);
        return { headers: {}, body: '{}', ...list.shift()! };
      },
    };
    return { sent, client: sonarClient('https://sonar.example.com/base', 'T', http, signal) };
  };
  const anything = { '~standard': undefined } as never;

  it('keeps the path of the address, and follows redirects on the same origin', async () => {
    const { sent, client } = answers(
      { status: 301, headers: { location: '/base/api/other' } },
      { status: 401 },
    );
    await expect(client.get('api/x', { a: 'b c' }, anything)).rejects.toMatchObject({ code: 'E_AUTH' });
    expect(sent).toEqual([
      'https://sonar.example.com/base/api/x?a=b+c Bearer T',
      'https://sonar.example.com/base/api/other Bearer T',
    ]);
  });

  it.each(['https://evil.example.com/', 'http://sonar.example.com/base/', '//evil.example.com/x'])(
    'sends nothing to %s',
    async (location) => {
      const { sent, client } = answers({ status: 302, headers: { location } });
      await expect(client.get('api/x', {}, anything)).rejects.toMatchObject({ code: 'E_AUTH' });
      expect(sent).toHaveLength(1);
    },
  );

  it('gives up on a circle', async () => {
    const circle = Array.from({ length: 9 }, () => ({ status: 302, headers: { location: '/base/api/x' } }));
    const { sent, client } = answers(...circle);
    await expect(client.get('api/x', {}, anything)).rejects.toMatchObject({ code: 'E_TOOL' });
    expect(sent.length).toBeLessThan(9);
  });

  it("repeats the server's own words", async () => {
    const { client } = answers({ status: 404, body: '{"errors":[{"msg":"Project not found"}]}' });
    await expect(client.get('api/x', {}, anything)).rejects.toThrow(
      /answers 404 for api\/x: Project not found/,
    );
  });
});

describe('the quality gate', () => {
  const failed = {
    status: 'ERROR',
    metricKey: 'new_coverage',
    comparator: 'LT',
    errorThreshold: '80',
    actualValue: '12.3',
  };

  it('that failed is critical, condition by condition, and has a table', () => {
    const gate: Gate = { status: 'ERROR', conditions: [failed, { ...failed, metricKey: 'x', status: 'OK' }] };
    expect(gateFindings('sonar', gate, 'p')).toMatchObject([
      { rule: 'quality-gate/new_coverage', severity: 'critical', message: expect.stringContaining('≥ 80') },
    ]);
    expect(gateTable(gate)?.rows).toHaveLength(2);
  });

  it('that failed without a condition is a finding all the same', () => {
    expect(gateFindings('sonar', { status: 'ERROR', conditions: [] }, 'p')).toHaveLength(1);
  });

  it('that warns is medium, and none is no finding but is told', () => {
    const warned: Gate = { status: 'WARN', conditions: [{ ...failed, status: 'WARN' }] };
    expect(gateFindings('sonar', warned, 'p')).toMatchObject([{ severity: 'medium' }]);
    const none: Gate = { status: 'NONE', conditions: [] };
    expect(gateFindings('sonar', none, 'p')).toEqual([]);
    expect(gateNote(none)).toContain('no quality gate');
    expect(gateTable(none)).toBeUndefined();
  });
});

describe('readIssues', () => {
  const issue = (key: string) => ({
    key,
    rule: 'js:S1',
    severity: 'CRITICAL',
    component: 'shop:a.js',
    message: key,
  });

  it('reads all pages the server gives, and says what it does not', async () => {
    const pages: string[] = [];
    const client = clientOf((_path, query) => {
      pages.push(query.p ?? '');
      const issues = query.inNewCodePeriod === 'true' ? [issue('new')] : [issue('new'), issue('old')];
      const total = query.inNewCodePeriod === 'true' ? 1 : 12_345;
      return { paging: { total }, issues, components: [{ key: 'shop:a.js', path: 'a.js' }] };
    });
    const found = await readIssues(client, 'sonar', { components: 'shop' }, 'web');
    expect(pages).toHaveLength(21);
    expect(found.notes).toEqual([expect.stringContaining('10000 of 12345')]);
    expect(found.findings[0]).toMatchObject({
      severity: 'high',
      location: { path: 'web/a.js', startLine: 1 },
    });
    expect(found.known).toHaveLength(20);
  });
});

describe('what an analysis is about', () => {
  const context = (over: Partial<GitHubContext>): GitHubContext => ({
    ...readGitHubContext({}),
    event: { repository: { default_branch: 'main' } },
    ref: 'refs/heads/main',
    refName: 'main',
    eventName: 'push',
    ...over,
  });
  const pull = {
    eventName: 'pull_request',
    event: { pull_request: { number: 7 } },
    headRef: 'feature',
    baseRef: 'main',
  };

  it('is the main branch without a word', () => {
    expect(sonarScope(context({}), 'community')).toEqual({ kind: 'analyse', properties: {}, query: {} });
  });

  it('is a pull request or a branch where the server knows such', () => {
    expect(sonarScope(context(pull), 'developer')).toMatchObject({ query: { pullRequest: '7' } });
    const branch = { ref: 'refs/heads/dev', refName: 'dev' };
    expect(sonarScope(context(branch), undefined)).toMatchObject({ query: { branch: 'dev' } });
  });

  it('never takes the place of the main branch on a server that knows one', () => {
    expect(sonarScope(context(pull), 'community').kind).toBe('skip');
    expect(sonarScope(context({ ref: 'refs/heads/dev', refName: 'dev' }), 'community').kind).toBe('skip');
  });
});

describe('sonar-project.properties', () => {
  it('is read with comments, continued lines and any separator', () => {
    const text = '# c\nsonar.projectKey = shop\nsonar.sources: src,\\\n   lib\n! c\nsonar.x value\n';
    expect(Object.fromEntries(readProperties(text))).toEqual({
      'sonar.projectKey': 'shop',
      'sonar.sources': 'src,lib',
      'sonar.x': 'value',
    });
  });

  it.each([
    ['sonar.host.url=https://evil.example.com', true],
    ['sonar.host.url=https://sonar.example.com/base', false],
    ['sonar.scanner.apiBaseUrl=https://evil.example.com', true],
    ['sonar.scanner.javaExePath=./evil', true],
    ['sonar.token=x', true],
    ['http.proxyHost=evil', true],
    ['sonar.sources=src', false],
    ['sonar.exclusions=a\\\\\nsonar.scanner.javaExePath=./evil.sh', true],
    ['sonar.\\u0073canner.javaExePath=./evil.sh', true],
    ['sonar.\\scanner.javaExePath=./evil.sh', true],
    ['sonar.sc\\\n  anner.javaExePath=./evil.sh', true],
    ['# a comment does not go on \\\nsonar.scanner.javaExePath=./evil.sh', true],
    ['sonar.sources=src\rsonar.scanner.javaExePath=./evil.sh', true],
    ['sonar.host.url=https://sonar.example.com\\.evil.example.com', true],
    ['sonar.projectName=${env.SONAR_TOKEN}', true],
    ['sonar.projectName=caf\\u00e9', false],
  ])('%s chooses where the token goes: %s', (line, untrusted) => {
    const found = untrustedProperty(readProperties(line), 'https://sonar.example.com');
    expect(found !== undefined).toBe(untrusted);
  });
});
