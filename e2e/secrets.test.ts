import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findLeaks, textsBelow } from './support/leaks.ts';
import { root, runBundle, type ActionName } from './support/run-bundle.ts';

/** A secret no one else uses, in a form that survives URLs, YAML and JSON, so that it is found wherever it leaks. */
const planted = (name: string): string => `canary-${name}-Zq7xW3kP9v`;

/** A server that answers every request with an error that repeats what it was sent, as careless servers do. */
let server: Server;
let url: string;
let workspace: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.writeHead(401, { 'content-type': 'application/json', location: `${url}/elsewhere` });
    response.end(JSON.stringify({ status: 'error', error: `refused: ${JSON.stringify(request.headers)}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  workspace = mkdtempSync(join(tmpdir(), 'gd-secrets-'));
  writeFileSync(join(workspace, 'index.js'), 'export const answer = 42;\n');
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(workspace, { recursive: true, force: true });
});

const kubeconfig = (): string => `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "${url}"}}]
users: [{name: u, user: {token: ${planted('kube-token')}, client-key-data: ${btoa(planted('kube-key'))}}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
current-context: c
`;

const map = '- {branch: main, environment: production, namespace: production}';

const runs: readonly [ActionName, () => Record<string, string>][] = [
  [
    'canary-gate',
    () => ({
      'prometheus-url': url,
      'prometheus-token': planted('prometheus-token'),
      'prometheus-headers': `X-Scope-OrgID: ${planted('header')}`,
      canary: 'track="canary"',
      stable: 'track="stable"',
      mode: 'replay',
      start: '1700000000',
      end: '1700000600',
    }),
  ],
  [
    'canary-gate',
    () => ({
      'prometheus-url': url,
      'prometheus-username': 'reader',
      'prometheus-password': planted('prometheus-password'),
      canary: 'track="canary"',
      stable: 'track="stable"',
      mode: 'replay',
      start: '1700000000',
      end: '1700000600',
    }),
  ],
  [
    'helm-deploy',
    () => ({ environments: map, kubeconfig: kubeconfig(), 'github-token': planted('github-token') }),
  ],
  [
    'rollback',
    () => ({
      environments: map,
      environment: 'production',
      reason: 'test',
      kubeconfig: kubeconfig(),
      'github-token': planted('github-token'),
    }),
  ],
  ['lint', () => ({ linters: 'eslint', 'github-token': planted('github-token') })],
  ['scan', () => ({ scanners: 'trivy-config', 'github-token': planted('github-token') })],
  ['scan', () => ({ scanners: 'snyk-open-source', 'snyk-token': planted('snyk-token') })],
  [
    'scan',
    () => ({
      scanners: 'sonar',
      'sonar-host-url': url,
      'sonar-token': planted('sonar-token'),
      'sonar-project-key': 'shop',
    }),
  ],
  [
    'report',
    () => ({
      needs: JSON.stringify({ scan: { result: 'success', outputs: { verdict: 'clean' } } }),
      'github-token': planted('github-token'),
    }),
  ],
];

const hasPost = (action: ActionName): boolean =>
  readFileSync(join(root, 'actions', action, 'action.yml'), 'utf8').includes('  post: ');

describe.each(runs)('%s', (action, inputs) => {
  it('tells no secret to the log, the summary, the outputs or a file, even when everything fails', async () => {
    const temp = mkdtempSync(join(tmpdir(), 'gd-secrets-temp-'));
    const run = {
      action,
      inputs: inputs(),
      cwd: workspace,
      env: {
        PATH: [join(root, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter),
        RUNNER_TEMP: temp,
        GITHUB_API_URL: url,
        SNYK_API: url,
        ACTIONS_STEP_DEBUG: 'true',
        RUNNER_DEBUG: '1',
      },
    };
    const result = await runBundle(run);
    // The kubeconfig is there until the post step takes it away.
    const post = hasPost(action) ? await runBundle({ ...run, state: result.state }) : undefined;
    const files = { ...textsBelow(workspace), ...textsBelow(temp) };
    rmSync(temp, { recursive: true, force: true });
    const told = {
      log: result.log,
      summary: result.summary,
      outputs: JSON.stringify(result.outputs),
      state: JSON.stringify(result.state),
      post: post?.log ?? '',
      ...files,
    };
    const given = JSON.stringify(run.inputs).match(/canary-[a-z-]+-Zq7xW3kP9v/g) ?? [];
    const secrets = Object.fromEntries([...given, planted('kube-key')].map((secret) => [secret, secret]));
    expect(findLeaks(told, secrets)).toEqual([]);
    // It ran far enough to have had the secrets in hand.
    expect(result.log.length).toBeGreaterThan(0);
  });
});
