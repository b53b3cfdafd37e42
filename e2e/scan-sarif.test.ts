/** Every SARIF file that scan writes, before Microsoft's validator: all scanners that run here, files of any name. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startRegistry, type Registry } from '../rig/registry/registry.ts';
import { trivyDatabase } from '../rig/registry/trivy-database.ts';
import { scanners } from '../actions/scan/src/scanners/table.ts';
import { imageArchive } from '../rig/registry/image-archive.ts';
import { installPolicyEngine, startSnyk, type SnykStandIn } from '../rig/snyk/start-snyk.ts';
import { makeConsumer, type Consumer } from './support/consumer.ts';
import { pathWithTrivy } from './support/rig.ts';
import { root, runBundle, type BundleResult } from './support/run-bundle.ts';
import { quickScanner, startSonarStandIn, type SonarStandIn } from './support/sonar-stand-in.ts';
import { sarifErrors } from './support/validate-sarif.ts';

const image = {
  'etc/alpine-release': '3.20.1\n',
  'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n',
  'lib/apk/db/installed': 'P:libssl3\nV:3.3.1-r0\nA:x86_64\no:openssl\nL:Apache-2.0\n\n',
  'app/key.txt': 'aws_access_key_id = AKIAIOSFODNN7QWERTYU\n',
};
const names = ['$(id)', '-rf', 'a b', 'nl\nname', 'ü', 'per%cent', 'q?#', '😀'];
let registry: Registry;
let snyk: SnykStandIn;
let sonar: SonarStandIn;
let consumer: Consumer;
let temp: string;

beforeAll(async () => {
  consumer = makeConsumer();
  temp = mkdtempSync(join(tmpdir(), 'gd-scan-'));
  mkdirSync(join(temp, 'home'));
  registry = await startRegistry();
  const lodash = { ecosystem: 'npm', package: 'lodash', vulnerable: '<4.17.21', fixed: '4.17.21' };
  const openssl = { ecosystem: 'alpine 3.20', package: 'openssl', fixed: '' };
  registry.publishArtifact(
    'mirror/trivy-db:2',
    trivyDatabase(
      [
        { ...lodash, id: 'CVE-2021-23337', severity: 'HIGH', title: 'injection of "commands" & more' },
        { ...openssl, fixed: '9', id: 'CVE-2026-1111', severity: 'CRITICAL', title: 'overflow' },
      ],
      Date.now(),
    ),
  );
  registry.publishImage('shop/backend:1', image, { lines: ['USER root'] });
  writeFileSync(join(temp, 'shop.tar'), imageArchive('shop/backend:1', image));
  sonar = await startSonarStandIn();
  const range = { startLine: 1, endLine: 1, startOffset: 0, endOffset: 1 };
  const issues = names.map((name, index) => ({
    key: `I${index}`,
    rule: 'docker:S1',
    severity: 'BLOCKER',
    component: `shop:${name}/Dockerfile`,
    message: 'bad "image" & more',
    textRange: range,
  }));
  sonar.answers['/api/issues/search'] = { paging: { total: issues.length }, issues };
  const condition = { metricKey: 'new_coverage', comparator: 'LT', errorThreshold: '80', actualValue: '1' };
  sonar.answers['/api/qualitygates/project_status'] = {
    projectStatus: { status: 'ERROR', conditions: [{ ...condition, status: 'ERROR' }] },
  };
  snyk = await startSnyk([
    {
      id: 'SNYK-JS-LODASH-1040724',
      title: 'Command Injection',
      severity: 'critical',
      package: 'lodash@4.17.20',
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
  snyk.entitle(true);
  installPolicyEngine(join(temp, 'cache'));
});
afterAll(async () => {
  await registry.stop();
  await snyk.stop();
  sonar.stop();
  consumer.remove();
  rmSync(temp, { recursive: true, force: true });
});

const entry = { version: '4.17.20', resolved: 'https://registry.example.com/lodash.tgz', license: 'GPL-3.0' };
const top = { name: 'shop', version: '1.0.0' };
const wanted = { lodash: '4.17.20' };
const lockfile = {
  ...top,
  lockfileVersion: 2,
  requires: true,
  packages: { '': { ...top, dependencies: wanted }, 'node_modules/lodash': entry },
  dependencies: { lodash: entry },
};

it('is valid, with and without a baseline, merged, waived and clean', async () => {
  const before = consumer.commit({
    ...quickScanner,
    'charts/a b/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n',
    'waivers.yaml': '- id: DS-0002\n  reason: "it has to be <root> & \\"more\\""\n  expires: 2999-01-01\n',
  });
  consumer.commit({
    ...Object.fromEntries(
      names.map((name) => [`${name}/key.txt`, 'aws_access_key_id = AKIAIOSFODNN7QWERTYU\n']),
    ),
    ...Object.fromEntries(
      names.map((name) => [`${name}/main.tf`, 'resource "aws_s3_bucket" "b" {\n  acl = "public-read"\n}\n']),
    ),
    ...Object.fromEntries(names.map((name) => [`${name}/a.js`, 'eval(x)\n'])),
    ...Object.fromEntries(names.map((name) => [`${name}/Dockerfile`, 'FROM node:24\nUSER root\n'])),
    'package.json': JSON.stringify({ ...top, dependencies: wanted }, null, 2),
    'package-lock.json': JSON.stringify(lockfile, null, 2),
  });
  const shared = {
    action: 'scan' as const,
    cwd: consumer.dir,
    inputs: {
      scanners: scanners
        .map(({ name }) => name)
        .filter((name) => name !== 'snyk-container')
        .join(', '),
      image: `${registry.host}/shop/backend:1`,
      licenses: 'true',
      waivers: 'waivers.yaml',
      'database-mirrors': `${registry.host}/mirror/trivy-db:2`,
      'snyk-token': snyk.token,
      'sonar-token': 'squ_secret',
      'sonar-host-url': sonar.url,
      'sonar-project-key': 'shop',
    },
    env: {
      PATH: `${join(root, 'node_modules/.bin')}:${pathWithTrivy()}`,
      HOME: join(temp, 'home'),
      RUNNER_TEMP: temp,
      XDG_CACHE_HOME: join(temp, 'cache'),
      ...snyk.env,
    },
  };
  for (const event of [consumer.pullRequest(before), undefined]) {
    const result = await runBundle({ ...shared, ...(event === undefined ? {} : { event }) });
    expect(result.outputs.verdict).toBe('findings');
    const files = await validFiles(result);
    for (const tool of tools)
      expect([tool, files.some((file) => file.startsWith(`scan-${tool}`))]).toEqual([tool, true]);
    for (const name of names) expect(result.summary).toContain(name.replaceAll('\n', ' '));
  }
  // Snyk's CLI pulls from no registry without TLS: it gets the image as a file.
  const inputs = {
    scanners: 'snyk-container',
    image: `docker-archive:${join(temp, 'shop.tar')}`,
    'snyk-token': snyk.token,
  };
  const result = await runBundle({ ...shared, inputs });
  expect(result.outputs.verdict).toBe('findings');
  expect(await validFiles(result)).toEqual([expect.stringMatching(/^scan-snyk-container/)]);
}, 600_000);

const tools = [
  'trivy-config',
  'trivy-secret',
  'trivy-license',
  'trivy-vuln',
  'trivy-image',
  'trivy-image-secret',
  'trivy-image-config',
  'trivy-image-license',
  'snyk-open-source',
  'snyk-iac',
  'snyk-code',
  'sonar',
];

/** The files' names, when the validator holds nothing against them and each has a result. */
async function validFiles(result: BundleResult): Promise<string[]> {
  const dir = result.outputs.sarif ?? '';
  expect(await sarifErrors(dir)).toEqual([]);
  return readdirSync(dir).filter((name) => readFileSync(join(dir, name), 'utf8').includes('"ruleId"'));
}
