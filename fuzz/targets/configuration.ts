/** What users write: inputs and configuration files. */
import { parseMetrics } from '../../actions/canary-gate/src/config/parse-metrics.ts';
import { parseQuantity } from '../../actions/canary-gate/src/config/quantity.ts';
import { parseTime } from '../../actions/canary-gate/src/config/parse-time.ts';
import { parseProvedImages } from '../../actions/helm-deploy/src/proved-images.ts';
import { parseNeeds } from '../../actions/report/src/needs.ts';
import { readEnvironments } from '../../actions/scan/src/environments.ts';
import { readProperties, untrustedProperty } from '../../actions/scan/src/scanners/sonar/sonar-properties.ts';
import { parseDuration } from '../../toolkit/action/duration.ts';
import { matchesBranch } from '../../toolkit/environments/branch-pattern.ts';
import { parseEntries } from '../../toolkit/environments/parse-entries.ts';
import { resolveEnvironment } from '../../toolkit/environments/resolve-environment.ts';
import { readKubeconfig } from '../../toolkit/files/kubeconfig.ts';
import { readWaivers } from '../../toolkit/findings/waivers/read-waivers.ts';
import { parseQuantity as parseBytes } from '../../toolkit/manifests/immutable-fields.ts';
import { parseMatchers, parseSelector } from '../../toolkit/prometheus/matchers.ts';
import { parseRouter } from '../../toolkit/traffic/router-reference.ts';
import type { Target } from '../target.ts';

const environments = `- { branch: main, environment: production, namespace: production, gate: required }
- branch: ['feature/**', '!feature/wip/**']
  environment: preview/{slug}
  namespace: preview-{slug}
  preview: true
  ttl: 2d
  values: [values/preview.yaml]
  url: https://{slug}.example.com
`;
const metrics = `- preset: http-errors
- name: checkout-errors
  type: ratio
  events: shop_checkout_total{result="error",code=~"5.."}
  total: shop_checkout_total
  margin: 1.25
  promote-margin: 2
- { name: budget, type: objective, events: 'a{b="c"}', total: a, max: 0.01 }
- { name: queue, type: gauge, metric: depth, test: leak, limit: 512Mi, shadow: true }
`;
const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{ name: a, cluster: { server: 'https://127.0.0.1:6443' } }]
users: [{ name: a, user: { token: abc, client-key-data: YWJj } }]
contexts: [{ name: a, context: { cluster: a, user: a } }]
current-context: a
`;
const needs =
  '{"deploy":{"result":"success","outputs":{"verified":"true"}},"scan":{"result":"skipped","outputs":{}}}';
const waivers: Readonly<Record<string, string>> = {
  'waivers.yaml':
    'waivers:\n  - id: CVE-2026-1\n    reason: not reachable\n    expires: 2026-06-15\n    path: app/**\n',
  '.trivyignore': '# kept\nCVE-2026-1 exp:2026-06-15\nAVD-KSV-0001\n',
  '.trivyignore.yaml':
    'vulnerabilities:\n  - id: CVE-2026-1\n    paths: [a]\n    expired_at: 2026-06-15\n    statement: x\n',
  '.snyk':
    "version: v1.25.0\nignore:\n  SNYK-JS-A-1:\n    - '*':\n        reason: none\n        expires: 2026-06-15T00:00:00.000Z\n",
  'a.openvex.json':
    '{"@context":"https://openvex.dev/ns/v0.2.0","@id":"x","author":"a","timestamp":"2026-01-01T00:00:00Z","version":1,"statements":[{"vulnerability":{"name":"CVE-2026-1"},"products":[{"@id":"pkg:npm/a@1.0.0"}],"status":"not_affected","justification":"vulnerable_code_not_present"}]}',
};

export const configuration: readonly Target[] = [
  { name: 'branch map', corpus: [environments], read: (text) => parseEntries(text, 'environments') },
  {
    name: 'branch name against the map',
    corpus: ['main', 'feature/a-b', 'release/1.2', 'refs/heads/x'],
    read: (branch) =>
      resolveEnvironment({
        entries: parseEntries(environments, 'x'),
        branch,
        ref: '',
        headRef: '',
        eventName: 'push',
        event: {},
      }),
  },
  {
    name: 'branch pattern',
    corpus: ['feature/**', '!a/{b,c}/[d-e]?', 'release/+(1|2).*'],
    read: (pattern) => matchesBranch([pattern], 'feature/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'),
  },
  {
    name: 'metrics of the gate',
    corpus: [metrics, `metrics:\n${metrics}`],
    read: (text) => parseMetrics(text, 'metrics', { margin: 1.25, promoteMargin: undefined }),
  },
  { name: 'label matchers', corpus: ['app="shop",track=~"a|b",c!="\\"d"'], read: parseMatchers },
  { name: 'series selector', corpus: ['up', 'a:b{c="d", e!~"f.*"}'], read: parseSelector },
  { name: 'router', corpus: ['a/virtualservice/b', 'httproute/c#stable=d,canary=e'], read: parseRouter },
  { name: 'duration', corpus: ['90s', '1h30m', '250ms', '7d', '12'], read: parseDuration },
  { name: 'quantity', corpus: ['512Mi', '1.5G', '250m', '1e3'], read: parseQuantity },
  { name: 'quantity of a manifest', corpus: ['8Gi', '1e3', '100m', '1.5T'], read: parseBytes },
  {
    name: 'proved images',
    corpus: ['[{"image":"a:1","digest":"sha256:b"}]', ''],
    read: parseProvedImages,
  },
  {
    name: 'properties of SonarQube',
    corpus: ['sonar.projectKey=a\nsonar.sources = src,\\\n  lib\n# x\nsonar.host.url: https://a.example.com'],
    read: (text) => untrustedProperty(readProperties(text), 'https://a.example.com'),
  },
  { name: 'time', corpus: ['2026-11-01T12:00:00Z', '1700000000', '1700000000.5'], read: parseTime },
  {
    name: 'kubeconfig',
    corpus: [kubeconfig, Buffer.from(kubeconfig).toString('base64')],
    read: readKubeconfig,
  },
  { name: 'needs of a job', corpus: [needs], read: parseNeeds },
  {
    name: 'values of environments',
    corpus: ['production=a.yaml,b.yaml\nstaging=c.yaml', 'values.yaml'],
    read: readEnvironments,
  },
  ...Object.entries(waivers).map(([file, text]) => ({
    name: `waivers (${file})`,
    corpus: [text],
    read: (content: string) => readWaivers(content, file),
  })),
];
