/** What tools print. */
import { readBiomeReport } from '../../actions/lint/src/linters/biome/read-report.ts';
import { readEslintReports } from '../../actions/lint/src/linters/eslint/read-report.ts';
import { parseHelmLint } from '../../actions/lint/src/linters/helm-lint/helm-lint.ts';
import { parseUnifiedDiff } from '../../actions/lint/src/linters/unified-diff.ts';
import { parseJUnit } from '../../actions/report/src/tests/junit.ts';
import { fromLine } from '../../actions/scan/src/images.ts';
import { parseSnykReport } from '../../actions/scan/src/scanners/snyk/snyk-report.ts';
import { readUpdatedAt } from '../../actions/scan/src/scanners/trivy/database-age.ts';
import { parseTrivyReport } from '../../actions/scan/src/scanners/trivy/trivy-report.ts';
import { parseNameStatus } from '../../toolkit/git/changed-files.ts';
import { splitHooks } from '../../toolkit/helm/split-hooks.ts';
import { parseBuild } from '../../toolkit/helmfile/parse-build.ts';
import { diffManifests } from '../../toolkit/manifests/diff-manifests.ts';
import { parseImage } from '../../toolkit/manifests/engine-image.ts';
import { parseManifests } from '../../toolkit/manifests/parse-manifests.ts';
import { scanRisks } from '../../toolkit/manifests/scan-risks.ts';
import type { Target } from '../target.ts';

const statefulSet = `---
# Source: db/templates/all.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, labels: { app: db }, annotations: { helm.sh/resource-policy: keep } }
spec:
  serviceName: db
  replicas: 3
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: 'mongo:7.0.1@sha256:${'a'.repeat(64)}', env: [{ name: A, value: b }] }] }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { resources: { requests: { storage: 8Gi } } } }]
`;
const hook = `---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { helm.sh/hook: 'pre-upgrade,pre-rollback', helm.sh/hook-weight: '-5' } }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: b }] } } }
`;
const valid = parseManifests(statefulSet);
const build = `releases:
  - { name: a, namespace: b, chart: ./c, needs: [b/d], installed: true, historyMax: 5 }
  - { name: d, chart: ./d, hooks: [], version: 1.2.3 }
helmDefaults: { historyMax: 10 }
`;
const eslint = JSON.stringify({
  results: [
    { filePath: '/r/a.js', messages: [{ ruleId: 'eqeqeq', severity: 2, message: 'x', line: 1, column: 2 }] },
  ],
  metadata: { rulesMeta: { eqeqeq: { docs: { description: 'y', url: 'https://z' } } } },
});
const trivy = JSON.stringify({
  ...{ SchemaVersion: 2, ArtifactName: 'a', ArtifactType: 'filesystem' },
  Results: [
    {
      ...{ Target: 'a/Dockerfile', Class: 'config', Type: 'dockerfile' },
      Misconfigurations: [
        { ID: 'DS-1', Title: 'a', Message: 'b', Severity: 'HIGH', CauseMetadata: { StartLine: 3 } },
      ],
    },
  ],
});
const biome = JSON.stringify({
  diagnostics: [
    {
      ...{ category: 'lint/a', severity: 'error', message: 'b' },
      location: { path: 'a.js', start: { line: 1, column: 2 }, end: { line: 1, column: 3 } },
    },
    {
      ...{ category: 'format', severity: 'warning', description: 'c', message: [{ content: 'c' }] },
      location: { path: { file: 'b.js' }, span: [1, 4], sourceCode: 'a\u00e9\nb' },
    },
  ],
});
const snyk = [
  {
    ...{ packageManager: 'npm', displayTargetFile: 'package-lock.json', path: '/r' },
    vulnerabilities: [
      {
        ...{ id: 'SNYK-A', title: 'b', severity: 'high', packageName: 'c', version: '1', cvssScore: 7.5 },
        ...{ identifiers: { CVE: ['CVE-2026-1'] }, fixedIn: ['2'] },
      },
    ],
  },
  {
    infrastructureAsCodeIssues: [{ id: 'a', title: 'b', severity: 'low', lineNumber: 3, path: ['c', 0] }],
    targetFile: 'd.yaml',
  },
  { ok: false, error: 'x', path: '/r' },
];
const junit = `<?xml version="1.0"?>
<testsuites><!-- a --><testsuite name="b" file="c.js">
<testcase name="d" time="0.1"/><testcase name="e" classname="f"><failure message="g &lt; &#65;"><![CDATA[h
  at i (/j.js:1:2)]]></failure>
</testcase><testcase name='k'><skipped/></testcase></testsuite></testsuites>
`;
const context = { tool: 'eslint', target: '.', version: '10', root: '/r', wanted: undefined };

export const tools: readonly Target[] = [
  {
    name: 'ESLint report',
    form: 'json',
    corpus: [eslint],
    read: (text) => readEslintReports([text], context),
  },
  { name: 'ESLint report (text)', corpus: [eslint], read: (text) => readEslintReports([text], context) },
  { name: 'JUnit XML', corpus: [junit], read: parseJUnit },
  { name: 'Biome report', form: 'json', corpus: [biome], read: readBiomeReport },
  { name: 'Biome report (text)', corpus: [biome], read: readBiomeReport },
  {
    name: 'Snyk report',
    form: 'json',
    corpus: [...snyk.map((item) => JSON.stringify(item)), JSON.stringify(snyk)],
    read: parseSnykReport,
  },
  { name: 'Trivy report', form: 'json', corpus: [trivy], read: parseTrivyReport },
  {
    name: 'Trivy database metadata',
    corpus: ['{"Version":2,"UpdatedAt":"2026-01-01T00:00:00Z"}'],
    read: (text) => readUpdatedAt(text, 2),
  },
  {
    name: 'helm lint',
    corpus: [
      '==> Linting a\n[INFO] Chart.yaml: icon is recommended\n[ERROR] templates/: b: c:3:4: d\n\n1 chart(s) linted\n',
    ],
    read: (text) => parseHelmLint(text, 'a'),
  },
  {
    name: 'unified diff',
    corpus: [
      '--- a.py\t2026-01-01\n+++ a.py\t2026-01-01\n@@ -1,2 +1,2 @@\n-a\n+b\n c\n\\ No newline at end of file\n',
    ],
    read: parseUnifiedDiff,
  },
  { name: 'git name-status', corpus: ['M\0a\0R100\0b\0c\0D\0d\0'], read: parseNameStatus },
  { name: 'Dockerfile', corpus: ['FROM a AS b\nRUN c \\\n  d\nFROM --platform=x e\n'], read: fromLine },
  { name: 'helmfile build', corpus: [build, `---\n${build}`], read: (text) => parseBuild(text, 'b') },
  { name: 'manifests', corpus: [statefulSet, statefulSet + hook], read: parseManifests },
  { name: 'hooks of a rendered chart', corpus: [statefulSet + hook], read: splitHooks },
  { name: 'image reference', corpus: ['a.example.com:5000/b/c:1.2@sha256:abc', 'mongo:7'], read: parseImage },
  {
    name: 'risks between manifests',
    corpus: [statefulSet],
    read: (text) => [
      scanRisks(valid, parseManifests(text), 'a'),
      scanRisks(parseManifests(text), valid, 'a'),
    ],
  },
  {
    name: 'differences between manifests',
    corpus: [statefulSet],
    read: (text) => diffManifests(valid, parseManifests(text), 'a'),
  },
];
