import type { HttpAnswer } from '../http/http.ts';
import { sampleValue, type MatrixReader } from './matrix-reader.ts';
import { QueryFailure } from './prometheus.ts';
import type { NativeHistogram, RawAnswer, RawSeries } from './series.ts';

interface Envelope {
  readonly data: { readonly resultType: string; readonly result: unknown };
  readonly warnings: readonly string[];
}

/**
 * Reads the answer of `/api/v1/query` for a range vector. Throws `QueryFailure` for anything else. `quickly` is tried
 * first on a good answer.
 */
export function parseRangeVector(answer: HttpAnswer, quickly?: MatrixReader): RawAnswer {
  const quick = answer.status === 200 ? quickly?.(answer.body) : undefined;
  if (quick !== undefined) return { series: quick, warnings: [] };
  const { data, warnings } = envelope(answer);
  if (data.resultType !== 'matrix' || !Array.isArray(data.result))
    throw garbage(answer, `a result of type '${data.resultType}' where a matrix was asked for`);
  const series = data.result.map((one: unknown) => readSeries(one, answer));
  return { series, warnings };
}

/** Reads the answer to `time()`: milliseconds since the epoch. Throws `QueryFailure`. */
export function parseScalar(answer: HttpAnswer): number {
  const { data } = envelope(answer);
  const value: unknown = Array.isArray(data.result) ? data.result[1] : undefined;
  if (data.resultType !== 'scalar' || typeof value !== 'string')
    throw garbage(answer, 'no scalar where one was asked for');
  return Number(value) * 1000;
}

function envelope(answer: HttpAnswer): Envelope {
  const parsed = parseJson(answer.body);
  const { status } = answer;
  if (status === 200 && isRecord(parsed) && parsed.status === 'success' && isRecord(parsed.data))
    return content(answer, parsed, parsed.data);
  const detail = serverError(parsed) ?? snippet(answer.body);
  if (status === 401 || status === 403 || status === 407)
    throw new QueryFailure({ kind: 'unauthorized', status, detail });
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    throw new QueryFailure({ kind: 'busy', status, detail });
  if (status >= 300 && status < 400)
    throw garbage(
      answer,
      `it redirects to ${answer.headers.location ?? 'elsewhere'}, which looks like a login page`,
    );
  if (status === 404 && serverError(parsed) === undefined)
    throw garbage(answer, `there is no /api/v1/query under this address: ${snippet(answer.body)}`);
  if (status !== 200) throw new QueryFailure({ kind: 'refused', status, detail });
  throw garbage(answer, detail);
}

function content(
  answer: HttpAnswer,
  parsed: Record<string, unknown>,
  { resultType, result }: Record<string, unknown>,
): Envelope {
  if (typeof resultType !== 'string') throw garbage(answer, 'the answer has no resultType');
  const warnings = Array.isArray(parsed.warnings) ? parsed.warnings.map(String) : [];
  return { data: { resultType, result }, warnings };
}

function readSeries(one: unknown, answer: HttpAnswer): RawSeries {
  if (!isRecord(one) || !isRecord(one.metric)) throw garbage(answer, 'a series without labels');
  const samples = asList(one.values).map((pair): readonly [number, number] => {
    const [time, value] = asList(pair);
    if (typeof time !== 'number' || typeof value !== 'string') throw garbage(answer, 'a malformed sample');
    return [Math.round(time * 1000), sampleValue(value)];
  });
  const labels = one.metric as Record<string, string>;
  if (one.histograms === undefined) return { labels, samples };
  const histograms = asList(one.histograms).map((pair): readonly [number, NativeHistogram] => {
    const [time, value] = asList(pair);
    if (typeof time !== 'number' || !isRecord(value)) throw garbage(answer, 'a malformed histogram');
    return [Math.round(time * 1000), readHistogram(value)];
  });
  return { labels, samples, histograms };
}

function readHistogram(value: Record<string, unknown>): NativeHistogram {
  const buckets = asList(value.buckets).map((bucket) => {
    const [, lower, upper, count] = asList(bucket);
    return { lower: sampleValue(lower), upper: sampleValue(upper), count: sampleValue(count) };
  });
  return { count: sampleValue(value.count), sum: sampleValue(value.sum), buckets };
}

function serverError(parsed: unknown): string | undefined {
  return isRecord(parsed) && typeof parsed.error === 'string' ? parsed.error : undefined;
}

function garbage(answer: HttpAnswer, detail: string): QueryFailure {
  return new QueryFailure({ kind: 'garbage', status: answer.status, detail });
}

function snippet(body: string): string {
  const text = body.replaceAll(/\s+/g, ' ').trim().slice(0, 120);
  return text === '' ? 'an empty body' : text;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
