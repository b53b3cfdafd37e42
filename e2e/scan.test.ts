import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startGitHub, type GitHubStandIn } from '../rig/github/github.ts';
import { makeConsumer, type Consumer } from './support/consumer.ts';
import { pathWithTrivy } from './support/rig.ts';
import { runBundle, type BundleResult, type BundleRun } from './support/run-bundle.ts';

let consumer: Consumer;
let temp: string;
let github: GitHubStandIn;

beforeAll(async () => {
  github = await startGitHub();
});
afterAll(() => github.stop());

beforeEach(() => {
  consumer = makeConsumer();
  temp = mkdtempSync(join(tmpdir(), 'gd-scan-'));
});
afterEach(() => {
  consumer.remove();
  rmSync(temp, { recursive: true, force: true });
});

const token = 'ghs_canary0123456789';

function scan(run: Partial<BundleRun> = {}): Promise<BundleResult> {
  return runBundle({
    action: 'scan',
    cwd: consumer.dir,
    ...run,
    inputs: { 'github-token': token, scanners: 'trivy-config', ...run.inputs },
    env: {
      PATH: pathWithTrivy(),
      RUNNER_TEMP: temp,
      GITHUB_API_URL: github.url,
      ...run.env,
    },
  });
}

/** Rule → baseline state of every result in the SARIF files. */
function results(result: BundleResult): string[][] {
  const dir = result.outputs.sarif ?? '';
  return readdirSync(dir)
    .sort()
    .flatMap((name) => {
      const log = JSON.parse(readFileSync(join(dir, name), 'utf8')) as {
        runs: { results: { ruleId: string; baselineState?: string; message: { text: string } }[] }[];
      };
      return (log.runs[0]?.results ?? []).map((item) => [
        item.ruleId,
        item.baselineState ?? '',
        item.message.text,
      ]);
    });
}

const chart = {
  'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
  'charts/shop/values.yaml': 'privileged: false\ntag: "1"\n',
  'charts/shop/templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - name: shop
          image: registry.example.com/shop:{{ .Values.tag }}
          securityContext:
            privileged: {{ .Values.privileged }}
`,
  'environments/staging.yaml': 'privileged: false\n',
  'environments/production.yaml': 'privileged: false\n',
};
const environments = 'staging=environments/staging.yaml\nproduction=environments/production.yaml';

describe('scan with Trivy', () => {
  it('finds what the values of one environment make of a chart, and only that is new', async () => {
    const before = consumer.commit(chart);
    consumer.commit({
      'environments/production.yaml': 'privileged: true\n',
      'charts/shop/values.yaml': 'privileged: false\ntag: "2"\n',
    });
    const result = await scan({ inputs: { values: environments }, event: consumer.pullRequest(before) });
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '1' });
    const added = results(result).filter(([, state]) => state === 'new');
    expect(added).toEqual([['KSV-0017', 'new', expect.stringMatching(/privileged.*\[production\]$/)]]);
    expect(results(result).filter(([, state]) => state === 'unchanged').length).toBeGreaterThan(3);
  });

  it('calls a chart that does not render a tool error, although Trivy calls it clean', async () => {
    consumer.commit({ ...chart, 'charts/shop/templates/broken.yaml': '{{ fail "not today" }}\n' });
    const result = await scan();
    expect(result.code).toBe(1);
    expect(result.outputs.verdict).toBe('tool-error');
    expect(result.errors.at(-1)).toMatch(/^E_TOOL: .*cannot be rendered.*not today/);
  });

  it('calls a Dockerfile that does not parse a tool error, although Trivy calls it clean', async () => {
    consumer.commit({ Dockerfile: 'FROM\nUSER root\n' });
    const result = await scan();
    expect(result).toMatchObject({ code: 1, outputs: { verdict: 'tool-error' } });
    expect(result.errors.at(-1)).toMatch(/Dockerfile cannot be parsed: .*FROM requires/);
  });

  it('calls a manifest that does not parse a tool error, although Trivy leaves it out in silence', async () => {
    consumer.commit({ 'k8s/pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec: [\n' });
    const result = await scan();
    expect(result).toMatchObject({ code: 1, outputs: { verdict: 'tool-error' } });
    expect(result.errors.at(-1)).toMatch(/k8s\/pod\.yaml cannot be parsed: /);
  });

  it('finds a secret and shows it nowhere', async () => {
    const secret = `AKIAIOSFODNN7QWERTYU`;
    const before = consumer.commit({ 'readme.md': 'hello\n' });
    consumer.commit({ 'settings.txt': `aws_access_key_id = ${secret}\n` });
    const result = await scan({
      inputs: {
        scanners: 'trivy-fs',
        'database-mirrors': '127.0.0.1:9/trivy-db:2',
        'on-database-error': 'skip',
      },
      event: consumer.pullRequest(before),
    });
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'by-severity': '{"critical":1}' });
    expect(result.log + result.summary + readFileSync(result.outputs.report ?? '', 'utf8')).not.toContain(
      secret,
    );
    for (const name of readdirSync(result.outputs.sarif ?? '')) {
      expect(readFileSync(join(result.outputs.sarif ?? '', name), 'utf8')).not.toContain(secret);
    }
  });

  it('is not switched off by files of the repository', async () => {
    consumer.commit({
      Dockerfile: 'FROM node:24\nUSER root\n',
      '.trivyignore': 'DS-0002\n',
      'trivy.yaml': 'scan:\n  skip-files: [Dockerfile]\n',
    });
    const result = await scan();
    expect(results(result).map(([rule]) => rule)).toContain('DS-0002');
  });

  it('says what is missing when there is no Trivy and no checksum for a download', async () => {
    consumer.commit(chart);
    const result = await scan({ inputs: { 'trivy-version': '0.1.0' } });
    expect(result.outputs.verdict).toBe('tool-error');
    expect(result.errors.at(-1)).toContain('SHA-256');
    expect(result.summary).toContain("'trivy-checksum'");
  });

  it.each([
    ['scanners', 'trivy-config, nmap'],
    ['fail-severity', 'error'],
    ['values', 'production=../outside.yaml'],
    ['values', 'production=nowhere.yaml'],
    ['charts', 'charts/none'],
    ['path', 'nowhere'],
    ['trivy-checksum', 'abc'],
    ['on-database-error', 'ignore'],
    ['typo', 'x'],
  ])('refuses %s: %s', async (name, value) => {
    consumer.commit(chart);
    const result = await scan({ inputs: { [name]: value } });
    expect(result.code).toBe(1);
    expect(result.errors).toEqual([expect.stringMatching(/^E_CONFIG: /)]);
    expect(result.errors[0]).toContain(name);
  });
});
