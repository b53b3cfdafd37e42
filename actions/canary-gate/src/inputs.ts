import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../../toolkit/action/errors.ts';
import type { GitHubContext } from '../../../toolkit/action/github-context.ts';
import type { InputReader } from '../../../toolkit/action/input-reader.ts';
import type { TlsMaterial } from '../../../toolkit/http/http-client.ts';
import { SelectorError, parseMatchers, type Matcher } from '../../../toolkit/prometheus/matchers.ts';
import { authorization } from '../../../toolkit/prometheus/http-prometheus.ts';
import { RouterError, parseRouter, type RouterReference } from '../../../toolkit/traffic/router-reference.ts';
import type { Arms } from './analysis/arms.ts';
import type { MetricConfig } from './config/metric.ts';
import { parseMetrics, type MetricDefaults } from './config/parse-metrics.ts';
import { parseTime } from './config/parse-time.ts';

export interface Inputs {
  readonly prometheus: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly tls: TlsMaterial | undefined;
    readonly timeoutMs: number;
  };
  readonly arms: Arms;
  readonly metrics: readonly MetricConfig[];
  readonly intervalMs: number;
  readonly minDurationMs: number;
  readonly maxDurationMs: number;
  readonly alpha: number;
  readonly promoteAlpha: number;
  readonly onInconclusive: 'fail' | 'pass';
  readonly mode: 'watch' | 'replay';
  /** Milliseconds since the epoch; undefined: now. */
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
  /** Percent for the canary, ascending; empty when the gate leaves traffic alone. */
  readonly weights: readonly number[];
  readonly router: RouterReference | undefined;
  readonly failOnVerdict: boolean;
  readonly reportDir: string;
}

/** Reads and checks every input; all refusals are `E_CONFIG` and name the input. */
export function readInputs(reader: InputReader, github: GitHubContext): Inputs {
  const mode = reader.choice('mode', ['watch', 'replay']);
  const traffic = readTraffic(reader, mode);
  const inputs: Inputs = {
    prometheus: readPrometheus(reader),
    arms: {
      canary: readMatchers('canary', reader.required('canary')),
      stable: readMatchers('stable', reader.required('stable')),
    },
    metrics: readMetrics(reader, github.workspace),
    intervalMs: within('interval', reader.duration('interval'), 5_000, 600_000),
    minDurationMs: within('min-duration', reader.duration('min-duration'), 0, 7 * 86_400_000),
    maxDurationMs: within('max-duration', reader.duration('max-duration'), 10_000, 7 * 86_400_000),
    alpha: probability('alpha', reader.number('alpha', levels)),
    promoteAlpha: probability('promote-alpha', reader.number('promote-alpha', levels)),
    onInconclusive: reader.choice('on-inconclusive', ['fail', 'pass']),
    mode,
    startMs: readTime('start', reader.text('start')),
    endMs: readTime('end', reader.text('end')),
    ...traffic,
    failOnVerdict: reader.boolean('fail-on-verdict'),
    reportDir: resolve(
      github.workspace,
      reader.text('report') || join(github.runnerTemp || 'out', 'canary-gate'),
    ),
  };
  reader.refuseUnknown();
  refuseContradictions(inputs);
  return inputs;
}

function refuseContradictions(inputs: Inputs): void {
  const { mode, startMs, endMs, minDurationMs, maxDurationMs, intervalMs } = inputs;
  if (mode === 'replay' && startMs === undefined)
    throw contradiction('start', 'is required for mode replay: when did the canary begin?');
  if (mode === 'watch' && endMs !== undefined)
    throw contradiction('end', "is for mode replay; a watch ends by 'max-duration'");
  if (startMs !== undefined && endMs !== undefined && endMs <= startMs)
    throw contradiction('end', "is not after 'start'");
  if (maxDurationMs < minDurationMs) throw contradiction('max-duration', "is shorter than 'min-duration'");
  if (maxDurationMs < intervalMs) throw contradiction('max-duration', "is shorter than 'interval'");
  const [canary, stable] = [inputs.arms.canary, inputs.arms.stable].map((matchers) =>
    JSON.stringify(matchers),
  );
  if (canary === stable) throw contradiction('canary', "selects the same series as 'stable'");
}

function readPrometheus(reader: InputReader): Inputs['prometheus'] {
  const url = reader.required('prometheus-url');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw contradiction('prometheus-url', `is '${url}', expected an http(s) address`);
  const token = reader.secret('prometheus-token');
  const username = reader.text('prometheus-username');
  const password = reader.secret('prometheus-password');
  if (token !== '' && username !== '')
    throw contradiction('prometheus-token', "and 'prometheus-username' exclude each other");
  if ((username === '') !== (password === ''))
    throw contradiction('prometheus-username', "and 'prometheus-password' go together");
  return {
    url,
    headers: { ...readHeaders(reader), ...authorization({ token, username, password }) },
    tls: readTls(reader),
    timeoutMs: within('timeout', reader.duration('timeout'), 1_000, 300_000),
  };
}

function readHeaders(reader: InputReader): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of reader.secret('prometheus-headers').split('\n')) {
    if (line.trim() === '') continue;
    const found = /^\s*([A-Za-z0-9-]+)\s*:\s*(\S.*?)\s*$/.exec(line);
    if (found === null) throw contradiction('prometheus-headers', 'has a line that is not `Name: value`');
    headers[(found[1] ?? '').toLowerCase()] = found[2] ?? '';
  }
  return headers;
}

function readTls(reader: InputReader): TlsMaterial | undefined {
  const ca = pem('ca-certificate', reader.text('ca-certificate'));
  const cert = pem('client-certificate', reader.text('client-certificate'));
  const key = pem('client-key', reader.secret('client-key'));
  if ((cert === undefined) !== (key === undefined))
    throw contradiction('client-certificate', "and 'client-key' go together");
  if (ca === undefined && cert === undefined) return undefined;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

function pem(name: string, value: string): string | undefined {
  if (value === '') return undefined;
  if (value.includes('-----BEGIN')) return value;
  let text: string;
  try {
    text = readFileSync(value, 'utf8');
  } catch {
    throw contradiction(name, 'is neither PEM text nor a file that can be read');
  }
  if (!text.includes('-----BEGIN')) throw contradiction(name, 'names a file that holds no PEM');
  return text;
}

function readMatchers(name: string, given: string): Matcher[] {
  const text = given.replace(/^\{([\s\S]*)\}$/, '$1');
  try {
    const matchers = parseMatchers(text);
    if (matchers.length === 0) throw contradiction(name, 'holds no matcher');
    return matchers;
  } catch (error) {
    if (error instanceof SelectorError) throw contradiction(name, `cannot be read: ${error.message}`);
    throw error;
  }
}

function readMetrics(reader: InputReader, workspace: string): MetricConfig[] {
  const inline = reader.text('metrics');
  const config = reader.text('config');
  const defaults: MetricDefaults = {
    margin: reader.number('margin', { min: 1, max: 100 }) ?? 1.25,
    promoteMargin: reader.number('promote-margin', { min: 1.01, max: 100 }),
  };
  if (inline !== '' && config !== '') throw contradiction('metrics', "and 'config' exclude each other");
  if (config === '')
    return parseMetrics(inline === '' ? '- preset: http-errors' : inline, "input 'metrics'", defaults);
  let text: string;
  try {
    text = readFileSync(resolve(workspace, config), 'utf8');
  } catch {
    throw contradiction('config', `names '${config}', which cannot be read`);
  }
  return parseMetrics(text, config, defaults);
}

function readTraffic(reader: InputReader, mode: Inputs['mode']): Pick<Inputs, 'weights' | 'router'> {
  const weights = reader.list('weights').map((text) => {
    const weight = /^\d+(\.\d+)?%?$/.test(text) ? Number(text.replace('%', '')) : NaN;
    if (!(weight > 0 && weight <= 100))
      throw contradiction('weights', `holds '${text}', expected percent above 0 and at most 100`);
    return weight;
  });
  if (weights.some((weight, index) => index > 0 && weight <= (weights[index - 1] ?? 0)))
    throw contradiction('weights', 'have to rise from step to step');
  const text = reader.text('router');
  if (weights.length > 0 && text === '') throw contradiction('weights', "need 'router'");
  if (mode === 'replay' && weights.length > 0) throw contradiction('weights', 'are for mode watch');
  try {
    return { weights, router: text === '' ? undefined : parseRouter(text) };
  } catch (error) {
    if (error instanceof RouterError) throw contradiction('router', error.message);
    throw error;
  }
}

function readTime(name: string, text: string): number | undefined {
  if (text === '') return undefined;
  const time = parseTime(text);
  if (time === undefined) throw contradiction(name, `is '${text}', expected RFC 3339 or Unix seconds`);
  return time;
}

function within(name: string, value: number | undefined, minMs: number, maxMs: number): number {
  if (value === undefined) throw contradiction(name, 'is empty, expected a duration such as 15s');
  if (value < minMs || value > maxMs)
    throw contradiction(name, `has to be from ${minMs / 1000} s to ${maxMs / 1000} s`);
  return value;
}

/** Levels that make sense: a coin toss is no gate. */
const levels = { min: 1e-9, max: 0.5 };

function probability(name: string, value: number | undefined): number {
  if (value === undefined) throw contradiction(name, 'is empty, expected a probability such as 0.01');
  return value;
}

function contradiction(name: string, problem: string): UserError {
  return new UserError(
    'E_CONFIG',
    `input '${name}' ${problem}`,
    `correct '${name}' under 'with:' of the step`,
  );
}
