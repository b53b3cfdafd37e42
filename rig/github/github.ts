import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, type World } from './answer.ts';
import { createFaults, type Faults } from './faults.ts';
import { createState, type GitHubState, type Violation } from './state.ts';
import type { Level, Token } from './tokens.ts';

export interface GitHubOptions {
  /** `owner/name` → settings; more can be made later with `state.repository()`. */
  readonly repositories?: Readonly<Record<string, { readonly git?: string }>>;
  readonly port?: number;
}

export interface GitHubStandIn {
  /** What `GITHUB_API_URL` is set to. */
  readonly url: string;
  /** A token that may do everything. */
  readonly token: string;
  readonly state: GitHubState;
  readonly faults: Faults;
  /** Empty as long as every request and every answer fits GitHub's OpenAPI description. */
  readonly violations: readonly Violation[];
  /** A token with the permissions of a job; `revoke` ends it. */
  addToken(permissions: Readonly<Record<string, Level>>, login?: string): { value: string; revoke(): void };
  stop(): Promise<void>;
}

const everything: Readonly<Record<string, Level>> = Object.fromEntries(
  [
    'actions',
    'checks',
    'contents',
    'deployments',
    'issues',
    'pull_requests',
    'security_events',
    'statuses',
  ].map((name) => [name, 'write']),
);

/** Starts a local GitHub API on a free loopback port. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubStandIn> {
  const state = createState();
  const faults = createFaults();
  const tokens: Token[] = [];
  for (const [name, { git }] of Object.entries(options.repositories ?? {})) state.repository(name).git = git;

  const server = createServer((request, response) => {
    void serve(request, response, world).catch((error: unknown) => {
      state.violations.push({ kind: 'response', operation: request.url ?? '', problems: [String(error)] });
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const world: World = {
    state,
    tokens,
    url,
    now: () => new Date(),
    nextFault: (operation) => faults.next(operation),
    sleep: (ms) => sleep(ms, undefined, { ref: false }),
  };

  const addToken: GitHubStandIn['addToken'] = (permissions, login = 'github-actions[bot]') => {
    // The form real installation tokens have, so that secret scanners and masks treat it as one.
    const token: Token = {
      value: `ghs_${String(state.nextId()).padStart(36, '0')}`,
      login,
      permissions,
      revoked: false,
    };
    tokens.push(token);
    return {
      value: token.value,
      revoke: () => {
        token.revoked = true;
      },
    };
  };

  return {
    url,
    token: addToken(everything).value,
    state,
    faults,
    violations: state.violations,
    addToken,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const reply = await answer(
    {
      method: request.method ?? 'GET',
      address: request.url ?? '/',
      authorization: request.headers.authorization,
      text: Buffer.concat(chunks).toString('utf8'),
    },
    world,
  );
  if (reply === 'hang-up') {
    request.socket.destroy();
    return;
  }
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'x-github-request-id': `RIG:${world.state.requests.length}`,
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-reset': String(Math.floor(world.now().getTime() / 1000) + 3600),
    ...reply.headers,
  };
  response.writeHead(reply.status, headers);
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  response.end(reply.body === undefined ? undefined : text);
}
