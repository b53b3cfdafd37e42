import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startRegistry, type Registry } from '../rig/registry/registry.ts';
import { trivyDatabase, trivyJavaDatabase, type Advisory } from '../rig/registry/trivy-database.ts';
import { makeConsumer, type Consumer } from './support/consumer.ts';
import { pathWithTrivy } from './support/rig.ts';
import { runBundle, type BundleResult, type BundleRun } from './support/run-bundle.ts';

const hour = 3_600_000;
const lodash: Advisory = {
  id: 'CVE-2021-23337',
  vendorIds: ['GHSA-35jh-r3h4-6jhm'],
  ecosystem: 'npm',
  package: 'lodash',
  vulnerable: '<4.17.21',
  fixed: '4.17.21',
  severity: 'HIGH',
  title: 'command injection',
};
const minimist: Advisory = {
  id: 'CVE-2021-44906',
  ecosystem: 'npm',
  package: 'minimist',
  vulnerable: '<=1.2.5',
  fixed: '',
  severity: 'CRITICAL',
  title: 'prototype pollution',
};
const openssl: Advisory = {
  id: 'CVE-2026-1111',
  ecosystem: 'alpine 3.20',
  package: 'openssl',
  fixed: '3.3.9-r0',
  severity: 'CRITICAL',
  title: 'heap overflow',
};

let registry: Registry;
let consumer: Consumer;
let temp: string;
let mirrors: readonly string[];

beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());
beforeEach(() => {
  consumer = makeConsumer();
  temp = mkdtempSync(join(tmpdir(), 'gd-scan-'));
  mkdirSync(join(temp, 'runner'));
  mirrors = [`${registry.host}/mirror/trivy-db:2`];
  publish([lodash, minimist, openssl], 1);
});
afterEach(() => {
  for (const name of ['mirror', 'other']) {
    registry.fail(`${name}/trivy-db`, undefined);
    registry.fail(`${name}/trivy-java-db`, undefined);
  }
  consumer.remove();
  rmSync(temp, { recursive: true, force: true });
});

/** Puts a database of this age in hours on a mirror. */
function publish(advisories: readonly Advisory[], age: number, mirror = 'mirror'): void {
  registry.publishArtifact(`${mirror}/trivy-db:2`, trivyDatabase(advisories, Date.now() - age * hour));
}

function scan(run: Partial<BundleRun> = {}): Promise<BundleResult> {
  return runBundle({
    action: 'scan',
    cwd: consumer.dir,
    ...run,
    inputs: { scanners: 'trivy-fs', 'database-mirrors': mirrors.join('\n'), ...run.inputs },
    env: {
      PATH: pathWithTrivy(),
      RUNNER_TEMP: join(temp, 'runner'),
      XDG_CACHE_HOME: join(temp, 'cache'),
      ...run.env,
    },
  });
}

function lockfile(packages: Readonly<Record<string, string>>): string {
  const installed = Object.entries(packages).map(([name, version]): [string, unknown] => [
    `node_modules/${name}`,
    { version, resolved: `https://registry.example.com/${name}.tgz`, license: 'MIT' },
  ]);
  const top = { name: 'shop', version: '1.0.0' };
  const root = { ...top, dependencies: packages };
  return JSON.stringify(
    { ...top, lockfileVersion: 3, packages: Object.fromEntries([['', root], ...installed]) },
    null,
    2,
  );
}

interface Found {
  readonly rule: string;
  readonly state: string;
  readonly place: string;
}

function found(result: BundleResult): Found[] {
  const report = JSON.parse(readFileSync(result.outputs.report ?? '', 'utf8')) as {
    findings: { rule: string; state: string; location: { path: string; startLine: number } }[];
  };
  return report.findings.map(({ rule, state, location }) => ({
    rule,
    state,
    place: `${location.path}:${location.startLine}`,
  }));
}

const image = (build: string): Record<string, string> => ({
  'etc/alpine-release': '3.20.1\n',
  'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n',
  'lib/apk/db/installed': 'P:libssl3\nV:3.3.1-r0\nA:x86_64\no:openssl\nL:Apache-2.0\n\n',
  'app/build.txt': build,
});

describe('vulnerabilities of lockfiles', () => {
  it('fail when they are new, at the line of the package, and only then', async () => {
    const before = consumer.commit({ 'package-lock.json': lockfile({ lodash: '4.17.20' }) });
    consumer.commit({ 'package-lock.json': lockfile({ lodash: '4.17.19', minimist: '1.2.0' }) });
    const result = await scan({ event: consumer.pullRequest(before) });
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '1', 'total-count': '2' });
    expect(Number(result.outputs['database-age'])).toBeCloseTo(1, 0);
    expect(found(result)).toEqual([
      { rule: 'CVE-2021-44906', state: 'new', place: 'package-lock.json:19' },
      { rule: 'CVE-2021-23337', state: 'unchanged', place: 'package-lock.json:14' },
    ]);
  });

  it('pass without a fix when that is asked for, and stay in the report', async () => {
    consumer.commit({ 'package-lock.json': lockfile({ minimist: '1.2.0' }) });
    const result = await scan({ inputs: { 'ignore-unfixed': 'true' } });
    expect(result.outputs).toMatchObject({ verdict: 'pass', 'total-count': '1' });
  });

  it('are not known when the lockfile cannot be read, which Trivy itself calls clean', async () => {
    consumer.commit({ 'package-lock.json': '{ "lockfileVersion": 3, ' });
    const result = await scan();
    expect(result.outputs.verdict).toBe('tool-error');
    expect(result.errors.at(-1)).toMatch(/package-lock\.json cannot be read/);
  });

  it('of which licences are told when that is asked for', async () => {
    consumer.commit({ 'package-lock.json': lockfile({ left: '1.0.0' }) });
    const result = await scan({ inputs: { licenses: 'true' } });
    expect(result.outputs).toMatchObject({ verdict: 'pass', 'by-severity': '{"low":1}' });
  });
});

describe('the database', () => {
  const lodashOnly = (): string => consumer.commit({ 'package-lock.json': lockfile({ lodash: '4.17.20' }) });

  it('comes from the next mirror when one is overrun, and from the cache the next time', async () => {
    lodashOnly();
    publish([lodash], 2, 'other');
    registry.fail('mirror/trivy-db', 429);
    mirrors = [...mirrors, `${registry.host}/other/trivy-db:2`];
    const first = await scan();
    expect(first.log).toContain('TOOMANYREQUESTS');
    expect(first.outputs.verdict).toBe('findings');
    registry.fail('other/trivy-db', 503);
    const second = await scan();
    expect(second.outputs.verdict).toBe('findings');
    expect(second.log).not.toContain('TOOMANYREQUESTS');
  });

  it('is a tool error when it is gone, or skipped when the user says so; secrets are looked for all the same', async () => {
    consumer.commit({
      'package-lock.json': lockfile({ lodash: '4.17.20' }),
      'settings.txt': 'aws_access_key_id = AKIAIOSFODNN7QWERTYU\n',
    });
    mirrors = [`${registry.host}/gone/trivy-db:2`, '127.0.0.1:9/trivy-db:2'];
    const failed = await scan();
    expect(failed.code).toBe(1);
    expect(failed.outputs).toMatchObject({ verdict: 'tool-error', 'total-count': '1', 'database-age': '' });
    expect(failed.errors.at(-1)).toMatch(/no vulnerability database.*MANIFEST_UNKNOWN.*127\.0\.0\.1:9/);
    const skipped = await scan({ inputs: { 'on-database-error': 'skip', 'fail-severity': 'none' } });
    expect(skipped.outputs).toMatchObject({ verdict: 'pass', 'total-count': '1' });
    expect(skipped.summary).toContain('skipped: no vulnerability database');
  });

  it('may be up to a week old, with a warning, and no older', async () => {
    lodashOnly();
    publish([lodash], 50);
    const stale = await scan();
    expect(stale.outputs.verdict).toBe('findings');
    expect(stale.outputs['database-age']).toMatch(/^50\./);
    expect(stale.summary).toMatch(/database is 50 hours old/);
    publish([lodash], 24 * 8);
    const old = await scan();
    expect(old.outputs.verdict).toBe('tool-error');
  });

  it('is the same for head and base, whatever happens to the cache in between', async () => {
    const before = lodashOnly();
    publish([], 2);
    await scan();
    consumer.commit({ 'readme.md': 'x' });
    publish([lodash], 1);
    rmSync(join(temp, 'cache'), { recursive: true });
    const result = await scan({
      event: consumer.pullRequest(before),
      onLine: (line) => {
        if (line.startsWith('trivy-vuln')) rmSync(join(temp, 'cache'), { recursive: true, force: true });
      },
    });
    expect(result.outputs).toMatchObject({ verdict: 'pass', 'new-count': '0', 'total-count': '1' });
  });
});

describe('vulnerabilities of images', () => {
  const reference = (tag: string): string => `${registry.host}/shop/backend:${tag}`;

  it('are the same after a rebuild with another digest, and shown at the FROM line', async () => {
    const one = registry.publishImage('shop/backend:1', image('1'));
    const two = registry.publishImage('shop/backend:2', image('2'));
    expect(one).not.toBe(two);
    const before = consumer.commit({ Dockerfile: 'FROM node AS build\nRUN x\nFROM alpine:3.20\n' });
    consumer.commit({ 'readme.md': 'x' });
    const inputs = { scanners: 'trivy-image', image: reference('2') };
    const event = consumer.pullRequest(before);
    const compared = await scan({ inputs: { ...inputs, 'base-image': reference('1') }, event });
    expect(compared.outputs).toMatchObject({ verdict: 'pass', 'new-count': '0', 'total-count': '1' });
    expect(found(compared)).toEqual([{ rule: 'CVE-2026-1111', state: 'unchanged', place: 'Dockerfile:3' }]);
    const alone = await scan({ inputs, event });
    expect(alone.outputs).toMatchObject({ verdict: 'findings', 'new-count': '1' });
  });

  it('are a tool error when the image cannot be pulled', async () => {
    consumer.commit({ 'readme.md': 'x' });
    const result = await scan({ inputs: { scanners: 'trivy-image', image: reference('none') } });
    expect(result.outputs.verdict).toBe('tool-error');
  });
});

describe('an image beside its vulnerabilities', () => {
  const lines = ['ENV AWS_ID=AKIAIOSFODNN7QWERTYU', 'USER root', 'CMD ["node"]'];
  const files = { ...image('1'), 'app/key.txt': 'aws_access_key_id = AKIAIOSFODNN7QWERTYU\n' };
  const inputs = { scanners: 'trivy-image', licenses: 'true' };

  it('is searched for secrets, bad settings and licences, which are old in the next build', async () => {
    registry.publishImage('shop/backend:1', files, { lines });
    registry.publishImage('shop/backend:2', { ...files, 'app/build.txt': '2' }, { lines });
    const before = consumer.commit({ 'docker/Dockerfile': 'FROM alpine:3.20\n' });
    consumer.commit({ 'docker/Dockerfile': '# moved\nFROM alpine:3.20\n' });
    const result = await scan({
      inputs: {
        ...inputs,
        image: `${registry.host}/shop/backend:2`,
        'base-image': `${registry.host}/shop/backend:1`,
      },
      event: consumer.pullRequest(before),
    });
    expect(result.outputs).toMatchObject({ verdict: 'pass', 'new-count': '0' });
    const places = found(result);
    expect(new Set(places.map(({ place }) => place))).toEqual(new Set(['docker/Dockerfile:2']));
    expect(places.map(({ rule }) => rule).sort()).toEqual([
      'Apache-2.0',
      'CVE-2026-1111',
      'DS-0002',
      'DS-0026',
      'aws-access-key-id',
      'aws-access-key-id',
    ]);
    const report = readFileSync(result.outputs.report ?? '', 'utf8');
    expect(report).toMatch(/in app\/key\.txt of .*shop\/backend: revoke it/);
    expect(report).toMatch(/in settings of the image of .*shop\/backend: revoke it/);
    expect(result.log + result.summary + report).not.toContain('AKIAIOSFODNN7QWERTYU');
  });

  it('is searched for them without a database too, and says when its settings cannot be read', async () => {
    registry.publishImage('shop/backend:1', files);
    mirrors = ['127.0.0.1:9/trivy-db:2'];
    consumer.commit({ 'readme.md': 'x' });
    const result = await scan({ inputs: { ...inputs, image: `${registry.host}/shop/backend:1` } });
    expect(result.outputs.verdict).toBe('tool-error');
    expect(found(result).map(({ rule }) => rule)).toContain('aws-access-key-id');
    expect(result.summary).toMatch(/trivy-image-config.*skipped: Dockerfile cannot be parsed/);
  });

  it('is asked what its jars are, of the next mirror when one is overrun, and not downloaded again', async () => {
    const jar = `PK\u0005\u0006${'\0'.repeat(18)}`;
    const sha1 = createHash('sha1').update(jar).digest('hex');
    const log4j = { group: 'org.apache.logging.log4j', artifact: 'log4j-core', version: '2.14.1' };
    const id = 'CVE-2021-44228';
    const shell: Advisory = {
      id,
      ecosystem: 'maven',
      package: 'org.apache.logging.log4j:log4j-core',
      vulnerable: '<2.15.0',
      fixed: '2.15.0',
      severity: 'CRITICAL',
      title: 'Log4Shell',
    };
    publish([shell], 1);
    registry.publishArtifact(
      'other/trivy-java-db:1',
      trivyJavaDatabase([{ sha1, ...log4j }], Date.now() - hour),
    );
    registry.fail('mirror/trivy-java-db', 429);
    registry.publishImage('shop/java:1', { ...image('1'), 'app/a.jar': jar });
    mirrors = [...mirrors, `${registry.host}/other/trivy-db:2`];
    consumer.commit({ 'readme.md': 'x' });
    const run = { inputs: { scanners: 'trivy-image', image: `${registry.host}/shop/java:1` } };
    const first = await scan(run);
    expect(found(first).map(({ rule }) => rule)).toEqual([id]);
    expect(first.log).toContain('TOOMANYREQUESTS');
    registry.fail('other/trivy-java-db', 503);
    expect(found(await scan(run)).map(({ rule }) => rule)).toEqual([id]);
    rmSync(join(temp, 'cache/trivy/java-db'), { recursive: true });
    const gone = await scan(run);
    expect(gone.outputs.verdict).toBe('tool-error');
    expect(gone.errors.at(-1)).toMatch(/no database of Java packages: .*TOOMANYREQUESTS/);
  });
});

describe('waivers', () => {
  const day = (offset: number): string =>
    new Date(Date.now() + offset * 24 * hour).toISOString().slice(0, 10);
  const waiver = (expires: string): string =>
    `- id: GHSA-35jh-r3h4-6jhm\n  purl: pkg:npm/lodash\n  reason: not reachable\n  expires: ${expires}\n`;
  const files = (expires: string) => ({
    'package-lock.json': lockfile({ lodash: '4.17.20' }),
    'waivers.yaml': waiver(expires),
  });
  const inputs = { waivers: 'waivers.yaml' };

  it('let a finding through until their end, warn before, and keep it in SARIF as suppressed', async () => {
    consumer.commit(files(day(3)));
    const result = await scan({ inputs });
    expect(result.outputs).toMatchObject({ verdict: 'pass', 'total-count': '1' });
    expect(result.summary).toMatch(/ends on .* in 4 days/);
    const dir = result.outputs.sarif ?? '';
    const sarif = readdirSync(dir).map((name) => readFileSync(join(dir, name), 'utf8'));
    expect(sarif.join()).toContain('"justification": "not reachable"');
    consumer.commit(files(day(-1)));
    const ended = await scan({ inputs });
    expect(ended.outputs.verdict).toBe('findings');
    expect(ended.summary).toContain('the finding is back');
  });

  it('of a pull request do not count in it', async () => {
    const before = consumer.commit({ 'readme.md': 'x' });
    consumer.commit(files(day(30)));
    const result = await scan({ inputs, event: consumer.pullRequest(before) });
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '1' });
    expect(result.summary).toContain('counts once it is merged');
  });

  it('with a malformed date are refused, also in the pull request that adds them', async () => {
    const before = consumer.commit(files(day(30)));
    consumer.commit(files('2026-02-30'));
    const result = await scan({ inputs, event: consumer.pullRequest(before) });
    expect(result.errors).toEqual([expect.stringMatching(/^E_CONFIG: .*2026-02-30/)]);
  });
});

describe('what is known of exploitation', () => {
  it('makes what is exploited critical and what is probable high', async () => {
    const date = new Date().toISOString();
    consumer.commit({
      'package-lock.json': lockfile({ lodash: '4.17.20' }),
      'kev.json': JSON.stringify({ dateReleased: date, vulnerabilities: [{ cveID: 'CVE-2021-23337' }] }),
      'epss.csv': `#model_version:v1,score_date:${date}\ncve,epss,percentile\nCVE-2021-23337,0.42,0.9\n`,
    });
    const lists = { kev: 'kev.json', epss: 'epss.csv', 'epss-threshold': '0.4', 'fail-severity': 'critical' };
    const result = await scan({ inputs: lists });
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'by-severity': '{"critical":1}' });
    expect(result.summary).toMatch(/exploited, EPSS 0\.420/);
    const without = await scan({ inputs: { 'fail-severity': 'critical' } });
    expect(without.outputs.verdict).toBe('pass');
  });
});

describe('contradictions', () => {
  const wrong: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ image: 'shop:1' }, 'image'],
    [{ scanners: 'trivy-image' }, 'image'],
    [{ scanners: 'trivy-image', image: 'a:1', 'base-image': 'a:1\nb:1' }, 'base-image'],
    [{ scanners: 'trivy-image', image: '--config=x' }, 'image'],
    [{ 'epss-threshold': '0.5' }, 'epss-threshold'],
    [{ 'epss-threshold': '2' }, 'epss-threshold'],
    [{ kev: 'nowhere.json' }, 'kev'],
    [{ waivers: 'nowhere.yaml' }, 'waivers'],
    [{ 'snyk-org': 'x' }, 'snyk-org'],
    [{ 'sonar-host-url': 'http://127.0.0.1:9' }, 'sonar-host-url'],
  ];

  it.each(wrong)('%j is refused', async (inputs, name) => {
    consumer.commit({ 'readme.md': 'x' });
    const result = await scan({ inputs });
    expect(result.errors).toEqual([expect.stringMatching(/^E_CONFIG: /)]);
    expect(result.errors[0]).toContain(`'${name}'`);
  });
});
