import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { imageArchive } from '../rig/registry/image-archive.ts';
import { startRegistry, type Registry } from '../rig/registry/registry.ts';
import { trivyDatabase } from '../rig/registry/trivy-database.ts';
import { installPolicyEngine, startSnyk, type SnykStandIn } from '../rig/snyk/start-snyk.ts';
import { makeConsumer, type Consumer } from './support/consumer.ts';
import { pathWithTrivy } from './support/rig.ts';
import { listen } from './support/sonar-stand-in.ts';
import { root, runBundle, type BundleResult, type BundleRun } from './support/run-bundle.ts';

let snyk: SnykStandIn;
let registry: Registry;
let consumer: Consumer;
let temp: string;

/** An image of Alpine with an old OpenSSL, as scanners are given an archive. */
function vulnerableImage(): string {
  const archive = join(temp, 'shop.tar');
  writeFileSync(
    archive,
    imageArchive('shop/backend:1', {
      'etc/alpine-release': '3.20.1\n',
      'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n',
      'lib/apk/db/installed': 'P:libssl3\nV:3.3.1-r0\nA:x86_64\no:openssl\nL:Apache-2.0\n\n',
    }),
  );
  return `docker-archive:${archive}`;
}

beforeAll(async () => {
  snyk = await startSnyk([
    {
      id: 'SNYK-JS-LODASH-1040724',
      title: 'Command Injection',
      severity: 'critical',
      package: 'lodash@4.17.20',
      fixedIn: '4.17.21',
      identifiers: { CVE: ['CVE-2021-23337'], GHSA: ['GHSA-35jh-r3h4-6jhm'], CWE: ['CWE-94'] },
    },
    {
      id: 'SNYK-JS-LODASHES-1',
      title: 'Command Injection',
      severity: 'critical',
      package: 'lodash-es@4.17.20',
      fixedIn: '4.17.21',
      identifiers: { CVE: ['CVE-2021-23337'] },
    },
    {
      id: 'SNYK-ALPINE320-OPENSSL-1',
      title: 'Heap overflow',
      severity: 'high',
      package: 'openssl/libssl3@3.3.1-r0',
      fixedIn: '3.3.9-r0',
      packageManager: 'alpine:3.20',
      identifiers: { CVE: ['CVE-2026-1111'] },
    },
  ]);
  registry = await startRegistry();
  registry.publishArtifact(
    'mirror/trivy-db:2',
    trivyDatabase(
      [
        {
          id: 'CVE-2021-23337',
          ecosystem: 'npm',
          package: 'lodash',
          vulnerable: '<4.17.21',
          fixed: '4.17.21',
          severity: 'MEDIUM',
          title: 'another title',
        },
      ],
      Date.now(),
    ),
  );
});
afterAll(async () => {
  await snyk.stop();
  await registry.stop();
});
beforeEach(() => {
  consumer = makeConsumer();
  temp = mkdtempSync(join(tmpdir(), 'gd-snyk-'));
  mkdirSync(join(temp, 'home'));
  snyk.fail(undefined);
  snyk.entitle(false);
});
afterEach(() => {
  consumer.remove();
  rmSync(temp, { recursive: true, force: true });
});

function scan(run: Partial<BundleRun> = {}): Promise<BundleResult> {
  return runBundle({
    action: 'scan',
    cwd: consumer.dir,
    ...run,
    inputs: { scanners: 'snyk-open-source', 'snyk-token': snyk.token, ...run.inputs },
    env: {
      PATH: `${join(root, 'node_modules/.bin')}:${pathWithTrivy()}`,
      HOME: join(temp, 'home'),
      RUNNER_TEMP: temp,
      XDG_CACHE_HOME: join(temp, 'cache'),
      ...snyk.env,
      ...run.env,
    },
  });
}

function project(...names: string[]): Record<string, string> {
  const packages = names.map((name) => [
    name,
    { version: '4.17.20', resolved: `https://r.example.com/${name}.tgz` },
  ]);
  const wanted = Object.fromEntries(names.map((name) => [name, '4.17.20'])) as Record<string, string>;
  const top = { name: 'shop', version: '1.0.0' };
  const nested = names.map((name, index) => [`node_modules/${name}`, packages[index]?.[1]]);
  return {
    'package.json': JSON.stringify({ ...top, dependencies: wanted }, null, 2),
    'package-lock.json': JSON.stringify(
      {
        ...top,
        lockfileVersion: 2,
        requires: true,
        packages: { '': { ...top, dependencies: wanted }, ...(Object.fromEntries(nested) as object) },
        dependencies: Object.fromEntries(packages) as object,
      },
      null,
      2,
    ),
  };
}

const ignoring = (id: string): string =>
  `version: v1.25.0\nignore:\n  ${id}:\n    - '*':\n        reason: mine\n`;

interface Row {
  readonly rule: string;
  readonly state: string;
  readonly location: { readonly path: string; readonly startLine: number };
  readonly severity: string;
  readonly vulnerability: { readonly purl: string };
  readonly sources?: readonly { readonly tool: string; readonly severity: string }[];
}

function rows(result: BundleResult): Row[] {
  return (JSON.parse(readFileSync(result.outputs.report ?? '', 'utf8')) as { findings: Row[] }).findings;
}

describe('scan with the Snyk CLI', () => {
  it('makes one row with two sources of the CVE that Trivy sees too, and another of another package', async () => {
    consumer.commit(project('lodash', 'lodash-es'));
    const result = await scan({
      inputs: {
        scanners: 'trivy-fs, snyk-open-source',
        'database-mirrors': `${registry.host}/mirror/trivy-db:2`,
      },
    });
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'by-severity': '{"critical":2}' });
    expect(rows(result)).toMatchObject([
      {
        rule: 'CVE-2021-23337',
        vulnerability: { purl: 'pkg:npm/lodash-es' },
      },
      {
        rule: 'CVE-2021-23337',
        vulnerability: { purl: 'pkg:npm/lodash' },
        sources: [
          { tool: 'trivy-vuln', severity: 'medium' },
          { tool: 'snyk-open-source', severity: 'critical' },
        ],
      },
    ]);
    expect(result.summary).toContain('trivy-vuln: medium, snyk-open-source: critical');
    expect(result.log).not.toContain(snyk.token);
  });

  it('lets old findings through, and obeys no policy that the change itself brings', async () => {
    const before = consumer.commit(project('lodash'));
    consumer.commit({
      ...project('lodash', 'lodash-es'),
      '.snyk': ignoring('SNYK-JS-LODASHES-1'),
    });
    const result = await scan({ event: consumer.pullRequest(before) });
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '1', 'total-count': '2' });
    const merged = await scan();
    expect(merged.outputs).toMatchObject({ 'total-count': '1' });
  });

  it('is skipped with the reason without a token, and where there is nothing to scan', async () => {
    consumer.commit({ 'readme.md': 'x' });
    const without = await scan({ inputs: { 'snyk-token': '' } });
    expect(without).toMatchObject({ code: 0, outputs: { verdict: 'skipped' } });
    expect(without.summary).toContain('forks and of Dependabot');
    const nothing = await scan();
    expect(nothing).toMatchObject({ code: 0, outputs: { verdict: 'skipped' } });
  });

  it('is a tool error with a wrong token and when the service is out of order', async () => {
    consumer.commit(project('lodash'));
    const wrong = await scan({ inputs: { 'snyk-token': '00000000-0000-4000-8000-000000000000' } });
    expect(wrong.outputs.verdict).toBe('tool-error');
    snyk.fail(500);
    const down = await scan();
    expect(down.outputs.verdict).toBe('tool-error');
  });

  it('reports the projects it could read beside one it could not, and is not green', async () => {
    const nested = Object.fromEntries(
      Object.entries(project('lodash')).map(([name, content]) => [`a/${name}`, content]),
    );
    consumer.commit({
      ...nested,
      'b/package.json': '{"name":"b"}',
      'b/package-lock.json': '{ "lockfileVersion": 9 }',
    });
    const result = await scan();
    expect(result.outputs).toMatchObject({ verdict: 'tool-error', 'total-count': '1' });
  });

  it('looks into images, and shows what it finds where they are built from', async () => {
    consumer.commit({ Dockerfile: 'FROM alpine:3.20\nCOPY . .\n' });
    const image = vulnerableImage();
    const result = await scan({ inputs: { scanners: 'snyk-container', image } });
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'total-count': '1' });
    expect(rows(result)).toMatchObject([
      {
        rule: 'CVE-2026-1111',
        vulnerability: { purl: 'pkg:apk/alpine/libssl3' },
        location: { path: 'Dockerfile', startLine: 1 },
      },
    ]);
  });

  it('obeys the policy for images as the base has it', async () => {
    const inputs = { scanners: 'snyk-container', image: vulnerableImage() };
    const before = consumer.commit({ Dockerfile: 'FROM alpine:3.20\n' });
    consumer.commit({ '.snyk': ignoring('SNYK-ALPINE320-OPENSSL-1') });
    const proposed = await scan({ inputs, event: consumer.pullRequest(before) });
    expect(proposed.outputs).toMatchObject({ verdict: 'findings', 'total-count': '1' });
    const merged = await scan({ inputs });
    expect(merged.outputs).toMatchObject({ verdict: 'pass', 'total-count': '0' });
  });

  it('looks into infrastructure and code, and is not switched off by files of the change', async () => {
    snyk.entitle(true);
    installPolicyEngine(join(temp, 'cache'));
    const bucket = 'resource "aws_s3_bucket" "b" {\n  acl = "public-read"\n}\n';
    const before = consumer.commit({ 'old.tf': bucket, 'old.js': 'eval(a)\n' });
    consumer.commit({
      'infra/main.tf': bucket,
      'src/ü b.js': '\n  eval(x)\n',
      '.snyk': `${ignoring('SNYK-CC-TF-18')}exclude:\n  code:\n    - src/**\n`,
      'src/.dcignore': '*\n',
      'src/.gitignore': '*.js\n',
    });
    consumer.git('add', '-f', 'src/ü b.js');
    consumer.git('commit', '-qm', 'forced');
    const inputs = { scanners: 'snyk-iac, snyk-code' };
    const result = await scan({ inputs, event: consumer.pullRequest(before) });
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '2', 'total-count': '4' });
    const places = rows(result).map(({ rule, state, location }) => [
      rule,
      state,
      location.path,
      location.startLine,
    ]);
    expect(places.sort()).toEqual([
      ['SNYK-CC-TF-18', 'new', 'infra/main.tf', 2],
      ['SNYK-CC-TF-18', 'unchanged', 'old.tf', 2],
      ['javascript/CodeInjection', 'new', 'src/ü b.js', 2],
      ['javascript/CodeInjection', 'unchanged', 'old.js', 1],
    ]);
    const merged = await scan({ inputs });
    expect(rows(merged).map(({ location }) => location.path)).toEqual(['old.js']);
    expect(merged.log).not.toContain(snyk.token);
    consumer.commit({ 'old.js': 'x\n', 'old.tf': '' });
    const clean = await scan({ inputs });
    expect(clean.outputs).toMatchObject({ verdict: 'pass', 'total-count': '0' });
  });

  it('takes a snapshot on the default branch when asked for', async () => {
    consumer.commit(project('left-pad'));
    const payload = { repository: { default_branch: 'main' } };
    const result = await scan({ inputs: { 'snyk-monitor': 'true' }, event: { name: 'push', payload } });
    expect(result.outputs.verdict).toBe('pass');
    expect(snyk.requests.some((request) => request.includes('/monitor/'))).toBe(true);
  });

  it('says why infrastructure and code were not looked at when the organisation may not', async () => {
    consumer.commit({
      'main.tf': 'resource "aws_s3_bucket" "b" {\n  acl = "public-read"\n}\n',
      'a.js': 'eval(x)\n',
    });
    const result = await scan({ inputs: { scanners: 'snyk-iac, snyk-code' } });
    expect(result.outputs.verdict).toBe('tool-error');
    expect(result.summary).toMatch(/snyk-iac: .*not enabled.*snyk-code: .*not supported/);
  });

  it('comes from the mirror of the tools, when its checksum is right', async () => {
    const program =
      '#!/bin/sh\nfor word; do case "$word" in --json-file-output=*) echo \'{"vulnerabilities":[]}\' > "${word#*=}";; esac; done\n';
    const asked: string[] = [];
    const mirror = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(program);
    });
    const url = await listen(mirror);
    try {
      consumer.commit({ 'readme.md': 'x' });
      const sha256 = createHash('sha256').update(program).digest('hex');
      const from = { 'tool-mirror': `${url}/snyk`, 'snyk-version': '1.9999.0' };
      const right = await scan({ inputs: { ...from, 'snyk-checksum': sha256 } });
      expect(right.outputs.verdict).toBe('pass');
      expect(right.log).toContain('snyk 1.9999.0 from download');
      expect(asked).toEqual([expect.stringMatching(/^\/snyk\/v1\.9999\.0\/snyk-linux/)]);
      const wrong = await scan({ inputs: { ...from, 'snyk-checksum': 'a'.repeat(64) } });
      expect(wrong.outputs.verdict).toBe('tool-error');
      expect(wrong.errors.at(-1)).toContain(sha256);
    } finally {
      mirror.close();
    }
  });
});
