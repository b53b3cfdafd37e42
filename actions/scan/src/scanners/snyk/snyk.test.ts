import { describe, expect, it } from '@jest/globals';
import { readResult } from './run-snyk.ts';
import { codeFindings, dependencyFindings, infrastructureFindings } from './snyk-findings.ts';
import { snykPurl } from './snyk-purl.ts';
import { parseSnykReport, type SnykItem } from './snyk-report.ts';

const lodash = {
  id: 'SNYK-JS-LODASH-1040724',
  title: 'Command Injection',
  severity: 'high',
  packageName: 'lodash',
  packageManager: 'npm',
  version: '4.17.20',
  cvssScore: 7.2,
  identifiers: { CVE: ['CVE-2021-23337'], GHSA: ['GHSA-35jh-r3h4-6jhm'], CWE: ['CWE-94'] },
  nearestFixedInVersion: '4.17.21',
  from: ['shop@1.0.0', 'lodash@4.17.20'],
};
const project = {
  ok: false,
  vulnerabilities: [lodash],
  packageManager: 'npm',
  displayTargetFile: 'package-lock.json',
  path: '/work',
};
const failure = { ok: false, error: 'Dependency lodash was not found', path: '/work/other' };
const holder = { role: 'package-lock.json', place: { path: 'package-lock.json', startLine: 1 } };
const call = {
  tool: 'snyk-open-source',
  target: '.',
  toFindings: (item: SnykItem) =>
    item.kind === 'dependencies' ? dependencyFindings('snyk-open-source', item.report, holder) : [],
};

function read(code: number, json: unknown, stdout = '', stderr = '') {
  const report = json === undefined ? '' : JSON.stringify(json);
  return readResult(call, { code, stdout, stderr, report, ended: 'by-itself' }, '1.1100.0');
}

describe('what Snyk says', () => {
  it('is findings with exit code 1, and clean with 0', () => {
    expect(read(1, project)).toMatchObject([{ status: 'ran', findings: [{ rule: lodash.id }] }]);
    expect(read(0, { ...project, ok: true, vulnerabilities: [] })).toMatchObject([
      { status: 'ran', findings: [] },
    ]);
  });

  it('is findings and a tool error when an array holds both', () => {
    expect(read(1, [project, failure])).toMatchObject([
      { status: 'ran', findings: [{}] },
      { status: 'tool-error', target: '.: /work/other', message: failure.error },
    ]);
  });

  it('is a tool error when it failed, or printed no report, whatever the code', () => {
    expect(read(2, failure)).toMatchObject([{ status: 'tool-error', message: failure.error }]);
    expect(read(0, undefined, 'Unsupported action for org undefined.\n at x')).toMatchObject([
      { status: 'tool-error', message: expect.stringContaining('Unsupported action') },
    ]);
    expect(read(0, [{ something: 'else' }])).toMatchObject([{ status: 'tool-error' }]);
    expect(read(2, { ...project, ok: true })).toMatchObject([{ status: 'ran' }, { status: 'tool-error' }]);
  });

  it('is skipped with exit code 3: nothing to scan is neither clean nor broken', () => {
    expect(read(3, { ok: false, error: 'Could not detect supported target files' })).toMatchObject([
      { status: 'skipped' },
    ]);
  });

  it('is a tool error for projects that were left out with a mere line for people', () => {
    const left =
      '✗ 1/2 potential projects failed to get dependencies.\n/work/b/package-lock.json:\n  Unsupported\n';
    expect(read(0, { ...project, vulnerabilities: [] }, '', left)).toMatchObject([
      { status: 'ran' },
      {
        status: 'tool-error',
        message: expect.stringMatching(/^1\/2 potential projects .*b\/package-lock.json: Unsupported/),
      },
    ]);
  });
});

describe('findings', () => {
  it('carry all ids that mean the same, but no weakness class', () => {
    const [item] = parseSnykReport(JSON.stringify(project)) ?? [];
    const [finding] = item === undefined ? [] : call.toFindings(item);
    expect(finding?.vulnerability).toEqual({
      id: lodash.id,
      aliases: ['CVE-2021-23337', 'GHSA-35jh-r3h4-6jhm'],
      purl: 'pkg:npm/lodash',
      installed: '4.17.20',
      fixedIn: '4.17.21',
      role: 'package-lock.json',
      cvss: 7.2,
    });
  });

  it('of licences are no vulnerabilities', () => {
    const report = {
      ...project,
      vulnerabilities: [{ ...lodash, id: 'snyk:lic:npm:a:GPL-3.0', type: 'license' }],
    };
    const [item] = parseSnykReport(JSON.stringify(report)) ?? [];
    const [finding] = item === undefined ? [] : call.toFindings(item);
    expect(finding).toMatchObject({ rule: 'snyk:lic:npm:a:GPL-3.0', excerpt: [expect.any(String)] });
    expect(finding?.vulnerability).toBeUndefined();
  });

  it('of infrastructure are at their line and known by their place in the document', () => {
    const issue = {
      id: 'SNYK-CC-TF-18',
      title: 'S3 bucket is public',
      severity: 'high',
      lineNumber: -1,
      path: ['resource', 'aws_s3_bucket[b]', 'acl'],
    };
    const report = {
      vulnerabilities: [],
      infrastructureAsCodeIssues: [issue],
      targetFile: 'main.tf',
      ok: false,
    };
    const text = JSON.stringify([report]);
    const [item] = parseSnykReport(text) ?? [];
    if (item?.kind !== 'infrastructure') throw new Error('not read as infrastructure');
    expect(infrastructureFindings('snyk-iac', item.report, 'infra')).toMatchObject([
      {
        location: { path: 'infra/main.tf', startLine: 1 },
        excerpt: ['resource.aws_s3_bucket[b].acl', issue.title],
      },
    ]);
  });

  it('of code come in SARIF', () => {
    const region = { startLine: 3, endLine: 3, startColumn: 2, endColumn: 9 };
    const location = { physicalLocation: { artifactLocation: { uri: 'src/a%20b.js' }, region } };
    const result = {
      ruleId: 'javascript/Sqli',
      level: 'error',
      message: { text: 'SQL injection' },
      locations: [location],
    };
    const run = { tool: { driver: { name: 'SnykCode', rules: [] } }, results: [result] };
    const [item] = parseSnykReport(JSON.stringify({ version: '2.1.0', runs: [run] })) ?? [];
    if (item?.kind !== 'code') throw new Error('not read as code');
    expect(codeFindings('snyk-code', item.report, '.')).toMatchObject([
      { rule: 'javascript/Sqli', severity: 'high', location: { path: 'src/a b.js', startLine: 3 } },
    ]);
  });
});

describe('snykPurl', () => {
  it.each([
    ['npm', 'lodash', 'pkg:npm/lodash'],
    ['yarn', '@scope/a', 'pkg:npm/%40scope/a'],
    ['maven', 'org.slf4j:slf4j-api', 'pkg:maven/org.slf4j/slf4j-api'],
    ['pip', 'Flask_Cors', 'pkg:pypi/flask-cors'],
    ['gomodules', 'github.com/a/b', 'pkg:golang/github.com/a/b'],
    ['alpine:3.20', 'openssl/libssl3', 'pkg:apk/alpine/libssl3'],
    ['debian:12', 'openssl/libssl3', 'pkg:deb/debian/libssl3'],
    ['ubuntu:24.04', 'curl', 'pkg:deb/ubuntu/curl'],
    ['', 'x', 'pkg:generic/x'],
    ['strange', 'x', 'pkg:generic/strange/x'],
  ])('%s %s is %s', (manager, name, purl) => {
    expect(snykPurl(manager, name)).toBe(purl);
  });
});
