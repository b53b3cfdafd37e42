import { copyFileSync, mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { snykCode } from './snyk-code.ts';

/** A stand-in for Snyk's service that answers the calls of the CLI for dependencies, images, and what it is entitled to. */
export interface SnykStandIn {
  /** Environment of a step that leads the CLI here. */
  readonly env: Readonly<Record<string, string>>;
  readonly token: string;
  /** `METHOD /path`, in order. */
  readonly requests: readonly string[];
  /** Whether the organisation may have its code and infrastructure looked at; it may not at first. */
  entitle(isEntitled: boolean): void;
  /** From now on every call is answered with this status; undefined ends it. */
  fail(status: number | undefined): void;
  stop(): Promise<void>;
}

export interface SnykIssue {
  readonly id: string;
  readonly title: string;
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  /** `name@version` that has it. */
  readonly package: string;
  readonly fixedIn: string;
  /** `npm` when left out; `alpine:3.20` and the like for packages of images. */
  readonly packageManager?: string;
  readonly identifiers: Readonly<Record<string, readonly string[]>>;
}

/** Starts it with these issues on a free loopback port. */
export async function startSnyk(issues: readonly SnykIssue[]): Promise<SnykStandIn> {
  const token = '11111111-2222-4333-8444-555555555555';
  const requests: string[] = [];
  let failing: number | undefined;
  let isEntitled = false;
  const code = snykCode();
  const server = createServer((request, response) => {
    void read(request).then((bytes) => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      const entitled = isEntitled ? entitledAnswer(path, `http://${request.headers.host ?? ''}`) : undefined;
      requests.push(`${request.method ?? ''} ${path}`);
      const [status, answer] =
        failing !== undefined
          ? [failing, { code: failing, message: 'the service is out of order' }]
          : ![`token ${token}`, `Bearer token ${token}`].includes(request.headers.authorization ?? '') &&
              path !== '/code/filters'
            ? [401, { code: 401, message: 'Not authorised' }]
            : [200, entitled ?? code.answer(path, bytes) ?? answerTo(path, parse(bytes), issues)];
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    env: {
      SNYK_API: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
      SNYK_HTTP_PROTOCOL_UPGRADE: '0',
    },
    token,
    requests,
    entitle: (value) => {
      isEntitled = value;
    },
    fail: (status) => {
      failing = status;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Puts the stand-in where the CLI keeps the program for infrastructure that it would download, below this cache folder. */
export function installPolicyEngine(cache: string): void {
  const machine = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  const dir = join(cache, 'snyk-nodejs/iac');
  mkdirSync(dir, { recursive: true });
  const engine = fileURLToPath(new URL('policy-engine.cjs', import.meta.url));
  copyFileSync(engine, join(dir, `snyk-iac-test_0.39.0_Linux_${machine}`));
}

interface DepGraph {
  readonly pkgs: readonly { readonly id: string }[];
}

/** What the CLI sends: a graph of dependencies, or what it found in an image. */
interface Sent {
  readonly depGraph?: DepGraph;
  readonly scanResult?: { readonly facts: readonly { readonly type: string; readonly data: unknown }[] };
}

function answerTo(path: string, body: Sent, issues: readonly SnykIssue[]): unknown {
  if (path.startsWith('/api/v1/monitor/'))
    return { ok: true, id: 'snapshot', uri: 'https://app.snyk.example/x' };
  const ofImage = body.scanResult?.facts.find(({ type }) => type === 'depGraph')?.data as
    DepGraph | undefined;
  const graph = body.depGraph ?? ofImage;
  if (graph === undefined) return {};
  const held = new Set(graph.pkgs.map(({ id }) => id));
  const found = issues.filter((issue) => held.has(issue.package));
  const issuesData = Object.fromEntries(found.map((issue) => [issue.id, dataOf(issue)]));
  return {
    result:
      ofImage === undefined
        ? { affectedPkgs: affectedBy(found), issuesData }
        : { issues: found.map(listed), issuesData, depGraphData: graph },
    meta: {
      isPrivate: true,
      isLicensesEnabled: false,
      ignoreSettings: null,
      org: 'example',
      licensesPolicy: null,
      policy: '',
    },
  };
}

function affectedBy(found: readonly SnykIssue[]): unknown {
  return Object.fromEntries(
    found.map(({ package: id }) => {
      const own = found.filter((issue) => issue.package === id);
      return [
        id,
        { pkg: split(id), issues: Object.fromEntries(own.map((issue) => [issue.id, fixOf(issue)])) },
      ];
    }),
  );
}

function listed(issue: SnykIssue): unknown {
  const { name, version } = split(issue.package);
  return {
    pkgName: name,
    pkgVersion: version,
    issueId: issue.id,
    fixInfo: { isPatchable: false, upgradePaths: [], nearestFixedInVersion: issue.fixedIn },
  };
}

function fixOf(issue: SnykIssue): unknown {
  return {
    issueId: issue.id,
    fixInfo: { isPatchable: false, upgradePaths: [], nearestFixedInVersion: issue.fixedIn },
  };
}

function dataOf(issue: SnykIssue): unknown {
  const { name } = split(issue.package);
  return {
    id: issue.id,
    title: issue.title,
    severity: issue.severity,
    packageName: name,
    moduleName: name,
    packageManager: issue.packageManager ?? 'npm',
    language: issue.packageManager === undefined ? 'js' : 'linux',
    identifiers: issue.identifiers,
    fixedIn: [issue.fixedIn],
    semver: { vulnerable: [`<${issue.fixedIn}`] },
    references: [],
    description: issue.title,
  };
}

function split(id: string): { name: string; version: string } {
  const at = id.lastIndexOf('@');
  return { name: id.slice(0, at), version: id.slice(at + 1) };
}

/** What the CLI asks before it looks at code and infrastructure; the code's engine is here too. */
function entitledAnswer(path: string, origin: string): unknown {
  if (path.startsWith('/api/v1/cli-config/feature-flags/'))
    return { ok: path.endsWith('iacIntegratedExperience') };
  if (path !== '/api/v1/cli-config/settings/sast') return undefined;
  return { sastEnabled: true, localCodeEngine: { enabled: true, url: `${origin}/code` } };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
}

function parse(bytes: Buffer): Sent {
  try {
    return JSON.parse(bytes.toString('utf8')) as Sent;
  } catch {
    return {};
  }
}
