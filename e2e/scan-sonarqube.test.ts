import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSonarQube, type SonarQube } from '../rig/sonarqube/start-sonarqube.ts';
import { makeConsumer, type Consumer } from './support/consumer.ts';
import { runBundle, type BundleResult, type BundleRun } from './support/run-bundle.ts';
import { listen, quickScanner, startSonarStandIn, type SonarStandIn } from './support/sonar-stand-in.ts';
import { watchArgv } from './support/watch-argv.ts';

let consumer: Consumer;
let temp: string;

beforeEach(() => {
  consumer = makeConsumer();
  temp = mkdtempSync(join(tmpdir(), 'gd-sonar-'));
  mkdirSync(join(temp, 'runner'));
});
afterEach(() => {
  consumer.remove();
  rmSync(temp, { recursive: true, force: true });
});

const authority = process.env.NODE_EXTRA_CA_CERTS;
const push = { name: 'push', payload: { repository: { default_branch: 'main' } } };

function scan(url: string, token: string, run: Partial<BundleRun> = {}): Promise<BundleResult> {
  return runBundle({
    action: 'scan',
    cwd: consumer.dir,
    event: push,
    ...run,
    inputs: {
      scanners: 'sonar',
      'sonar-host-url': url,
      'sonar-token': token,
      'sonar-project-key': 'shop',
      ...run.inputs,
    },
    env: {
      RUNNER_TEMP: join(temp, 'runner'),
      SONAR_SCANNER_SKIP_JRE_PROVISIONING: 'true',
      // npm reads it, where the registry has a certificate of its own.
      ...(authority === undefined ? {} : { NODE_EXTRA_CA_CERTS: authority }),
      ...run.env,
    },
  });
}

describe('what SonarQube answers', () => {
  let sonar: SonarStandIn;
  let url: string;

  beforeEach(async () => {
    sonar = await startSonarStandIn();
    url = sonar.url;
    consumer.commit(quickScanner);
  });
  afterEach(() => {
    sonar.stop();
  });

  const condition = {
    status: 'ERROR',
    metricKey: 'new_coverage',
    comparator: 'LT',
    errorThreshold: '80',
    actualValue: '12.3',
  };

  it.each([
    ['OK', 'pass', 'quality gate OK'],
    ['WARN', 'pass', 'quality gate WARN'],
    ['NONE', 'pass', 'no quality gate is set'],
    ['ERROR', 'findings', 'new\\_coverage is 12.3, required ≥ 80'],
  ])('%s is %s', async (status, verdict, said) => {
    const conditions = status === 'OK' || status === 'NONE' ? [] : [{ ...condition, status }];
    sonar.answers['/api/qualitygates/project_status'] = { projectStatus: { status, conditions } };
    const result = await scan(url, 'squ_secret', { inputs: { 'fail-severity': 'critical' } });
    expect(result.outputs.verdict).toBe(verdict);
    expect(result.summary).toContain(said);
  });

  it('about a pull request is asked for by its number', async () => {
    const before = consumer.git('rev-parse', 'HEAD');
    consumer.commit({ 'a.js': 'x\n' });
    const issue = {
      key: 'I1',
      rule: 'javascript:S1',
      severity: 'BLOCKER',
      component: 'shop:a.js',
      message: 'bad',
      textRange: { startLine: 1, endLine: 1, startOffset: 0, endOffset: 1 },
    };
    sonar.answers['/api/issues/search'] = { paging: { total: 1 }, issues: [issue] };
    const result = await scan(url, 'squ_secret', { event: consumer.pullRequest(before) });
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '1' });
    expect(sonar.asked.some((line) => line.includes('/api/issues/search?pullRequest=7'))).toBe(true);
    sonar.answers['/api/navigation/global'] = { edition: 'community' };
    const skipped = await scan(url, 'squ_secret', { event: consumer.pullRequest(before) });
    expect(skipped).toMatchObject({ code: 0, outputs: { verdict: 'skipped' } });
  });

  it.each([
    [{ status: 'FAILED', errorMessage: 'the report is broken' }, /FAILED: the report is broken/],
    [{ status: 'CANCELED' }, /CANCELED/],
    [{ status: 'PENDING' }, /not finished the analysis after 3 s/],
  ])('%j is a tool error', async (task, said) => {
    sonar.answers['/api/ce/task'] = { task };
    const result = await scan(url, 'squ_secret', { inputs: { 'quality-gate-timeout': '3s' } });
    expect(result.outputs.verdict).toBe('tool-error');
    expect(result.errors.at(-1)).toMatch(said);
  });

  it('is a tool error when it is no answer of SonarQube', async () => {
    sonar.answers['/api/qualitygates/project_status'] = { hello: 'world' };
    expect((await scan(url, 'squ_secret')).errors.at(-1)).toMatch(/something else than SonarQube/);
  });

  it('never gets the token in argv, and nobody else gets it at all', async () => {
    await scan(url, 'squ_secret', { inputs: { 'github-token': 'ghs_canary0123456789' } });
    const given = readFileSync(join(consumer.dir, 'given.json'), 'utf8');
    const { argv, env } = JSON.parse(given) as { argv: string[]; env: string[] };
    expect(argv.join(' ')).toContain(`-Dsonar.host.url=${url}`);
    expect(argv.join(' ')).not.toContain('squ_secret');
    expect(env.filter((line) => line.includes('squ_secret'))).toEqual(['SONAR_TOKEN=squ_secret']);
    expect(given).not.toContain('ghs_canary0123456789');
    expect(sonar.asked.every((line) => line.endsWith(' Bearer squ_secret'))).toBe(true);
    consumer.commit({ 'sonar-project.properties': 'sonar.host.url=https://elsewhere.example\n' });
    sonar.asked.length = 0;
    const result = await scan(url, 'squ_secret');
    expect(result.errors.at(-1)).toMatch(/sets sonar\.host\.url/);
    expect(sonar.asked).toEqual([]);
  });

  it('is not asked by a scanner of a mirror that no checksum vouches for', async () => {
    const version = { 'sonar-version': '5.0.1' };
    const ways: Partial<BundleRun>[] = [
      { inputs: { ...version, 'tool-mirror': 'https://mirror.example.com' } },
      { inputs: version, env: { npm_config_registry: 'https://mirror.example.com' } },
    ];
    for (const way of ways) {
      const result = await scan(url, 'squ_secret', way);
      expect(result.outputs.verdict).toBe('tool-error');
      expect(result.errors.at(-1)).toMatch(/would come from a mirror, and no SHA-256 is known/);
      expect(result.summary).toContain("'sonar-checksum'");
    }
  });

  it('is not followed to another origin', async () => {
    const lead = createServer((_, response) => {
      response.writeHead(302, { location: `${url}/api/navigation/global` }).end();
    });
    const away = await listen(lead);
    try {
      const result = await scan(away, 'squ_secret');
      expect(result.outputs.verdict).toBe('tool-error');
      expect(result.errors.at(-1)).toContain('which the token is not sent to');
      expect(sonar.asked).toEqual([]);
    } finally {
      lead.close();
    }
  });

  it('is skipped without a token and a tool error when it is down', async () => {
    expect((await scan(url, '')).outputs.verdict).toBe('skipped');
    const down = await scan('http://127.0.0.1:9', 'squ_secret');
    expect(down.outputs.verdict).toBe('tool-error');
    expect(down.errors.at(-1)).toMatch(/does not answer/);
  });
});

const wanted = process.env.GD_SONARQUBE === '1' || process.env.GD_SONARQUBE_URL !== undefined;
if (!wanted) {
  process.stderr.write(
    'scan with a real SonarQube server is not run: it takes minutes and 3 GB. Set GD_SONARQUBE=1 for it.\n',
  );
}

(wanted ? describe : describe.skip)('a real SonarQube server', () => {
  let server: SonarQube;

  beforeAll(async () => {
    const { GD_SONARQUBE_URL: url, GD_SONARQUBE_TOKEN: token = '' } = process.env;
    server =
      url === undefined
        ? await startSonarQube((line) => process.stderr.write(`${line}\n`))
        : { url, token, stop: () => Promise.resolve() };
  }, 1_800_000);
  afterAll(() => (server as SonarQube | undefined)?.stop());

  const source = { 'src/a.js': 'export function f(a) {\n  if (a) {\n  }\n  var x = 1;\n}\n' };
  const inputs = { 'sonar-version': '5.0.1', 'fail-severity': 'critical' };

  async function ask(path: string, fields: Readonly<Record<string, string>>): Promise<void> {
    await fetch(`${server.url}/api/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}` },
      body: new URLSearchParams(fields),
    });
  }

  it('passes, fails by its gate, and fails itself', async () => {
    const project = `shop-${Date.now()}`;
    const own = { ...inputs, 'sonar-project-key': project };
    consumer.commit({ ...source, 'sonar-project.properties': 'sonar.sources=src\n' });
    const watch = watchArgv();
    const passed = await scan(server.url, server.token, { inputs: own });
    watch.stop();
    expect(passed.outputs.verdict).toBe('pass');
    const scanners = [...watch.seen].filter(
      (line) => line.includes('-Dsonar.') || line.includes('sonar-scanner'),
    );
    expect(scanners.some((line) => line.startsWith('node ') || line.includes('/node '))).toBe(true);
    expect(scanners.some((line) => line.includes('java '))).toBe(true);
    expect([...watch.seen].filter((line) => line.includes(server.token))).toEqual([]);
    expect(Number(passed.outputs['total-count'])).toBeGreaterThan(0);
    expect(passed.log).not.toContain(server.token);
    const report = readFileSync(passed.outputs.report ?? '', 'utf8');
    expect(report).toContain('"path": "src/a.js"');

    await ask('qualitygates/create', { name: project });
    await ask('qualitygates/create_condition', {
      gateName: project,
      metric: 'violations',
      op: 'GT',
      error: '0',
    });
    await ask('qualitygates/select', { gateName: project, projectKey: project });
    const failed = await scan(server.url, server.token, { inputs: own });
    expect(failed.outputs.verdict).toBe('findings');
    expect(failed.summary).toContain('Quality gate: ERROR');

    consumer.commit({ 'sonar-project.properties': 'sonar.sources=src\nsonar.projectDate=2001-01-01\n' });
    const broken = await scan(server.url, server.token, { inputs: own });
    expect(broken.outputs.verdict).toBe('tool-error');
    expect(broken.errors.at(-1)).toMatch(/FAILED: .*date/i);
  }, 600_000);

  it('refuses a wrong token, a wrong checksum and a pull request on its one branch', async () => {
    const before = consumer.commit(source);
    const wrong = await scan(server.url, 'squ_0000000000000000000000000000000000000000', { inputs });
    expect(wrong.errors.at(-1)).toMatch(/refuses the token \(401/);
    const other = await scan(server.url, server.token, {
      inputs: { ...inputs, 'sonar-checksum': 'a'.repeat(64) },
    });
    expect(other.errors.at(-1)).toMatch(/has SHA-256/);
    consumer.commit({ 'readme.md': 'x' });
    const pull = await scan(server.url, server.token, { inputs, event: consumer.pullRequest(before) });
    expect(pull.outputs.verdict).toBe('skipped');
  }, 600_000);

  it('sends the token to no other origin, and is a tool error once the server is down', async () => {
    consumer.commit(source);
    const { port } = new URL(server.url);
    const asked: string[] = [];
    const lead = createServer((request, response) => {
      asked.push(request.headers.authorization ?? 'no token');
      response.writeHead(302, { location: `${server.url}${request.url ?? ''}` }).end();
    });
    const away = await listen(lead);
    try {
      // What the server is reached by is another origin than the one that was configured.
      const led = await scan(away, server.token, { inputs });
      expect(led.outputs.verdict).toBe('tool-error');
      expect(led.errors.at(-1)).toContain(`:${port}, which the token is not sent to`);
      expect(asked).toEqual([`Bearer ${server.token}`]);
    } finally {
      lead.close();
    }
    if (process.env.GD_SONARQUBE_URL !== undefined) {
      process.stderr.write(
        'The server of GD_SONARQUBE_URL is not stopped: GD_SONARQUBE=1 shows a dead one.\n',
      );
      return;
    }
    await server.stop();
    const down = await scan(server.url, server.token, { inputs });
    expect(down.outputs.verdict).toBe('tool-error');
    expect(down.errors.at(-1)).toMatch(/does not answer/);
  }, 600_000);
});
