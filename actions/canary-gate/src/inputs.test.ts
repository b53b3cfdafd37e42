import { describe, expect, it } from '@jest/globals';
import { UserError } from '../../../toolkit/action/errors.ts';
import { readGitHubContext } from '../../../toolkit/action/github-context.ts';
import { envInputReader } from '../../../toolkit/action/input-reader.ts';
import { readInputs } from './inputs.ts';

const given = {
  'prometheus-url': 'https://prometheus.example.com/prefix',
  canary: 'app="shop",track="canary"',
  stable: '{app="shop",track="stable"}',
  timeout: '30s',
  interval: '15s',
  'min-duration': '5m',
  'max-duration': '30m',
  alpha: '0.01',
  'promote-alpha': '0.05',
  margin: '1.25',
  'on-inconclusive': 'fail',
  mode: 'watch',
  'fail-on-verdict': 'true',
};

function read(changes: Record<string, string> = {}) {
  const masked: string[] = [];
  const env = Object.fromEntries(
    Object.entries({ ...given, ...changes }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const github = readGitHubContext({ GITHUB_WORKSPACE: '/w', RUNNER_TEMP: '/t' });
  return {
    inputs: readInputs(
      envInputReader(env, (secret) => masked.push(secret)),
      github,
    ),
    masked,
  };
}

function refusal(changes: Record<string, string>): string {
  try {
    read(changes);
  } catch (error) {
    if (error instanceof UserError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('readInputs', () => {
  it('reads what the README shows', () => {
    const { inputs } = read({ weights: '5, 25, 50', router: 'shop/virtualservice/shop-backend' });
    expect(inputs).toMatchObject({
      intervalMs: 15_000,
      minDurationMs: 300_000,
      maxDurationMs: 1_800_000,
      weights: [5, 25, 50],
      router: { kind: 'virtualservice', namespace: 'shop', name: 'shop-backend' },
      reportDir: '/t/canary-gate',
      mode: 'watch',
    });
    expect(inputs.metrics.map(({ name }) => name)).toEqual(['http-errors']);
    expect(inputs.arms.canary).toHaveLength(2);
  });

  it('reads times in both forms', () => {
    const { inputs } = read({ mode: 'replay', start: '2026-11-01T12:00:00Z', end: '1793538000.5' });
    expect([inputs.startMs, inputs.endMs]).toEqual([Date.UTC(2026, 10, 1, 12), 1_793_538_000_500]);
  });

  it('masks every secret and builds the headers', () => {
    const { inputs, masked } = read({
      'prometheus-token': 'tok-123',
      'prometheus-headers': 'X-Scope-OrgID: team-9',
    });
    expect(inputs.prometheus.headers).toEqual({ authorization: 'Bearer tok-123', 'x-scope-orgid': 'team-9' });
    expect(masked).toEqual(expect.arrayContaining(['tok-123', 'X-Scope-OrgID: team-9']));
    const basic = read({ 'prometheus-username': 'u', 'prometheus-password': 'p-123' });
    expect(basic.inputs.prometheus.headers).toEqual({ authorization: 'Basic dTpwLTEyMw==' });
    expect(basic.masked).toContain('p-123');
  });

  it.each([
    [{ 'prometheus-url': '' }, "'prometheus-url' is required"],
    [{ 'prometheus-url': 'prometheus:9090' }, "'prometheus-url' is 'prometheus:9090'"],
    [{ canary: '' }, "'canary' is required"],
    [{ canary: 'app=shop' }, "'canary' cannot be read"],
    [{ canary: given.stable }, "selects the same series as 'stable'"],
    [
      { metrics: '- preset: http-errors', config: 'metrics.yml' },
      "'metrics' and 'config' exclude each other",
    ],
    [{ config: 'nowhere.yml' }, "'config' names 'nowhere.yml', which cannot be read"],
    [{ mode: 'replay' }, "'start' is required for mode replay"],
    [{ mode: 'backtest' }, 'expected one of watch, replay'],
    [{ end: '2026-11-01T12:00:00Z' }, "'end' is for mode replay"],
    [{ mode: 'replay', start: 'yesterday' }, "'start' is 'yesterday'"],
    [{ mode: 'replay', start: '1793538000', end: '1793537000' }, "'end' is not after 'start'"],
    [{ 'max-duration': '1m' }, "'max-duration' is shorter than 'min-duration'"],
    [{ interval: '1s' }, "'interval' has to be from 5 s"],
    [{ alpha: '1' }, "'alpha' is '1'"],
    [{ alpha: 'low' }, "'alpha' is 'low'"],
    [{ weights: '5, 25' }, "'weights' need 'router'"],
    [{ weights: '25, 5', router: 'virtualservice/x' }, 'have to rise'],
    [{ weights: '0', router: 'virtualservice/x' }, "'weights' holds '0'"],
    [{ weights: '5', router: 'service/x' }, "'router' is 'service/x'"],
    [{ router: 'virtualservice/x#blue=a' }, "'router' has 'blue=a'"],
    [{ mode: 'replay', start: '1793538000', weights: '5', router: 'virtualservice/x' }, 'are for mode watch'],
    [{ 'prometheus-token': 't-1', 'prometheus-username': 'u' }, 'exclude each other'],
    [{ 'prometheus-username': 'u' }, 'go together'],
    [{ 'prometheus-headers': 'no colon' }, 'has a line that is not'],
    [{ 'ca-certificate': 'missing.pem' }, "'ca-certificate' is neither PEM text nor a file"],
    [{ 'client-certificate': '-----BEGIN CERTIFICATE-----' }, "and 'client-key' go together"],
    [{ 'on-inconclusive': 'ignore' }, 'expected one of fail, pass'],
    [{ intervall: '15s' }, "unknown input 'intervall'"],
  ])('refuses %j', (changes, expected) => {
    const text = refusal(changes);
    expect(text).toContain('E_CONFIG');
    expect(text).toContain(expected);
  });
});
