/** What servers and other jobs answer: Prometheus, the API server, GitHub. */
import { isDeepStrictEqual } from 'node:util';
import { parseNeeds } from '../../actions/report/src/needs.ts';
import { syncFingerprint, syncHistory } from '../../toolkit/argocd/application.ts';
import { resolveEnvironment } from '../../toolkit/environments/resolve-environment.ts';
import { parseEntries } from '../../toolkit/environments/parse-entries.ts';
import { parseEpss, parseKev } from '../../toolkit/findings/exploitation.ts';
import { readEnvironment } from '../../toolkit/github/read-answers.ts';
import { readStoryData } from '../../toolkit/github/story/story-data.ts';
import { parseChapters } from '../../toolkit/github/story/story.ts';
import { judgeHealth } from '../../toolkit/health/judge-health.ts';
import { encodeRelease, readReleaseSecret } from '../../toolkit/helm/release-secret.ts';
import { readLease } from '../../toolkit/ledger/lease-record.ts';
import { parseLedger } from '../../toolkit/ledger/ledger-format.ts';
import { matrixReader } from '../../toolkit/prometheus/matrix-reader.ts';
import { parseRangeVector, parseScalar } from '../../toolkit/prometheus/parse-answer.ts';
import type { Target } from '../target.ts';
import { fromJson, fromObjects } from './from-json.ts';

const answer = (body: string): Parameters<typeof parseScalar>[0] => ({ status: 200, headers: {}, body });
const matrix = JSON.stringify({
  status: 'success',
  data: {
    resultType: 'matrix',
    result: [
      {
        metric: { __name__: 'a', pod: 'b', le: '+Inf' },
        values: [
          [1700000000.1, '1'],
          [1700000005, 'NaN'],
        ],
      },
      { metric: {}, histograms: [[1700000000, { count: '3', sum: '1.5', buckets: [[0, '0.5', '1', '3']] }]] },
    ],
  },
  warnings: ['slow'],
});
/** What the quick reader takes: no histograms and no warnings. */
const plainMatrix =
  '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"a","pod":"b"},"values":[[1700000000.1,"1"],[1700000005,"2"]]},{"metric":{},"values":[[1700000000,"+Inf"]]}]}}';
const entry = {
  ...{ id: 'a', startedAt: '', updatedAt: '', gitSha: 'b', branch: 'main', runUrl: '', actor: 'c' },
  ...{ strategy: 'canary', phase: 'verified', reason: '' },
  releases: [
    {
      ...{
        name: 'a',
        namespace: 'b',
        kind: 'helm',
        chart: 'c',
        chartVersion: '1',
        revision: 1,
        previousRevision: 0,
      },
      ...{ manifestSha256: '', valuesSha256: '', phase: 'verified', needs: [], images: [], workloads: [] },
    },
  ],
};
const ledger = JSON.stringify({
  ...{ format: 1, environment: 'a', namespace: 'b', branch: 'main' },
  ...{ entries: [entry], bad: [{ gitSha: 'c', since: '', reason: '', planId: '' }], plans: [] },
});
const pod = {
  ...{
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a-1', labels: { app: 'a' }, ownerReferences: [{ uid: 'r' }] },
  },
  spec: { containers: [{ name: 'a', image: 'b' }], volumes: [{ persistentVolumeClaim: { claimName: 'd' } }] },
  status: {
    ...{ phase: 'Pending', conditions: [{ type: 'Ready', status: 'False' }] },
    containerStatuses: [
      {
        ...{ name: 'a', restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff', message: 'x' } } },
        lastState: { terminated: { exitCode: 1, reason: 'Error' } },
      },
    ],
  },
};
const deployment = {
  ...{
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a', namespace: 'b', uid: 'u', generation: 2 },
  },
  spec: { replicas: 2, selector: { matchLabels: { app: 'a' } }, template: {} },
  status: {
    observedGeneration: 2,
    updatedReplicas: 1,
    conditions: [{ type: 'Progressing', status: 'True' }],
  },
};
const secret = {
  ...{
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'helm.sh/release.v1',
    metadata: { name: 'sh.helm.release.v1.a.v1' },
  },
  data: {
    release: encodeRelease({
      ...{ name: 'a', namespace: 'b', version: 1, manifest: '---\nkind: A\n', config: {} },
      ...{
        info: { status: 'deployed' },
        chart: { metadata: { name: 'c', version: '1' } },
        hooks: [{ name: 'h' }],
      },
    }),
  },
};
const application = {
  ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'a' } },
  status: {
    history: [{ id: 0, revision: 'abc', source: { path: 'x' }, deployedAt: '2026-01-01T00:00:00Z' }],
  },
};
const lease = {
  kind: 'Lease',
  metadata: { name: 'gated-delivery', annotations: { 'gated-delivery.dev/instance': 'a' } },
  spec: { holderIdentity: 'a', acquireTime: '2026-01-01T00:00:00Z', leaseDurationSeconds: 60 },
};
const pullRequest = {
  action: 'opened',
  pull_request: {
    head: { ref: 'feature/a', repo: { full_name: 'o/r' } },
    base: { repo: { full_name: 'o/r' } },
  },
};
const map = parseEntries("- { branch: '**', environment: dev, namespace: dev }", 'environments');

/** The quick reader may pass, but what it reads has to be what the strict one reads. */
function readBothWays(text: string): unknown {
  const slowly = parseRangeVector(answer(text));
  const quickly = matrixReader()(text);
  if (quickly !== undefined && !isDeepStrictEqual(quickly, slowly.series))
    throw new Error('the quick reader reads something else');
  return quickly;
}

export const answers: readonly Target[] = [
  { name: 'range vector (text)', corpus: [matrix], read: (text) => parseRangeVector(answer(text)) },
  {
    name: 'range vector (parts)',
    form: 'json',
    corpus: [matrix],
    read: (text) => parseRangeVector(answer(text)),
  },
  {
    name: 'range vector, read quickly',
    corpus: [matrix, plainMatrix],
    read: readBothWays,
  },
  {
    name: 'scalar',
    form: 'json',
    corpus: ['{"status":"success","data":{"resultType":"scalar","result":[1,"1700000000"]}}'],
    read: (text) => parseScalar(answer(text)),
  },
  { name: 'ledger', form: 'json', corpus: [ledger], read: (text) => parseLedger(text, 'b') },
  { name: 'ledger (text)', corpus: [ledger], read: (text) => parseLedger(text, 'b') },
  {
    name: 'lease',
    form: 'json',
    corpus: [JSON.stringify([lease])],
    read: fromObjects((leases) => leases.map(readLease)),
  },
  {
    name: 'health of workloads and pods',
    form: 'json',
    corpus: [JSON.stringify([deployment, pod])],
    read: fromObjects((live) =>
      judgeHealth({ expected: [{ kind: 'Deployment', name: 'a', namespace: 'b' }], live, now: 0 }),
    ),
  },
  {
    name: 'Helm release',
    form: 'json',
    corpus: [JSON.stringify([secret])],
    read: fromObjects((all) => all.map(readReleaseSecret)),
  },
  {
    name: 'Argo CD history',
    form: 'json',
    corpus: [JSON.stringify([application])],
    read: fromObjects((all) => all.flatMap(syncHistory).map(syncFingerprint)),
  },
  {
    name: 'GitHub environment',
    form: 'json',
    corpus: [
      '{"name":"a","protection_rules":[{"type":"required_reviewers","prevent_self_review":true,"reviewers":[{"reviewer":{"login":"b"}}]},{"type":"wait_timer","wait_timer":3}],"deployment_branch_policy":{"protected_branches":true}}',
    ],
    read: fromJson((data) => readEnvironment(data, 'reading the environment')),
  },
  {
    name: 'event of GitHub',
    form: 'json',
    corpus: [JSON.stringify(pullRequest)],
    read: fromJson((event) =>
      resolveEnvironment({
        entries: map,
        ref: '',
        headRef: '',
        eventName: 'pull_request',
        event: { ...(event as object) },
      }),
    ),
  },
  { name: 'comment of ours', corpus: ['text\n<!-- data W10= -->'], read: readStoryData },
  {
    name: 'chapters of a fork',
    form: 'json',
    corpus: ['[{"subject":"lint","sha":"a"}]'],
    read: fromJson(parseChapters),
  },
  {
    name: 'needs (parts)',
    form: 'json',
    corpus: ['{"deploy":{"result":"success","outputs":{"verified":"true"}}}'],
    read: parseNeeds,
  },
  {
    name: 'known exploited vulnerabilities',
    corpus: ['{"dateReleased":"2026-01-01T00:00:00Z","vulnerabilities":[{"cveID":"CVE-2026-1"}]}'],
    read: parseKev,
  },
  {
    name: 'exploitation probabilities',
    corpus: [
      '#model_version:v1,score_date:2026-01-01T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1,0.5,0.9\n',
    ],
    read: parseEpss,
  },
];
