import type { Labels, RawSeries } from './series.ts';

/**
 * Reads the text of a matrix answer without building its JSON tree; undefined for anything but the plain form that
 * Prometheus writes (histograms, warnings, errors, other servers' spacing): that is `JSON.parse`'s work.
 */
export type MatrixReader = (body: string) => RawSeries[] | undefined;

interface Known {
  /** The text of a series up to its first sample. */
  readonly head: string;
  readonly labels: Labels;
}

const opening = '{"status":"success","data":{"resultType":"matrix","result":[';
const closing = ']}}';
const metricKey = '{"metric":';
const valuesKey = ',"values":[';

const quote = 34;
const comma = 44;
const dot = 46;
const zero = 48;
const nine = 57;
const open = 91;
const close = 93;

/**
 * One reader for each query: answers to the same query name the same series in the same order, so nearly every
 * series is recognized by comparing text, and its labels are the same object as before.
 */
export function matrixReader(): MatrixReader {
  let layout: readonly Known[] = [];
  let byHead: ReadonlyMap<string, number> | undefined;

  return (body) => {
    if (!body.startsWith(opening) || !body.endsWith(closing)) return undefined;
    const series: RawSeries[] = [];
    const end = body.length - closing.length;
    let changed: Known[] | undefined;
    let place = 0;
    let at = opening.length;
    while (at < end) {
      if (series.length > 0) {
        if (body.charCodeAt(at) !== comma) return undefined;
        at += 1;
      }
      let known = layout[place];
      if (known?.head === body.slice(at, at + (known?.head.length ?? 0))) {
        place += 1;
        changed?.push(known);
      } else {
        changed ??= layout.slice(0, place);
        const from = body.indexOf(valuesKey, at);
        if (from < 0 || !body.startsWith(metricKey, at)) return undefined;
        const head = body.slice(at, from + valuesKey.length);
        byHead ??= new Map(layout.map((one, index) => [one.head, index]));
        const index = byHead.get(head);
        known = (index === undefined ? undefined : layout[index]) ?? learn(head);
        if (known === undefined) return undefined;
        if (index !== undefined) place = index + 1;
        changed.push(known);
      }
      const samples: [number, number][] = [];
      at = readSamples(body, at + known.head.length, samples);
      if (at < 0) return undefined;
      series.push({ labels: known.labels, samples });
    }
    if (changed !== undefined || place < layout.length) {
      layout = changed ?? layout.slice(0, place);
      byHead = undefined;
    }
    return series;
  };
}

/** Copies the head, so that not the whole answer is kept for it. */
function learn(slice: string): Known | undefined {
  const head = Buffer.from(slice, 'utf8').toString('utf8');
  try {
    const labels = JSON.parse(head.slice(metricKey.length, -valuesKey.length)) as unknown;
    return typeof labels === 'object' && labels !== null ? { head, labels: labels as Labels } : undefined;
  } catch {
    return undefined;
  }
}

/** Reads `[time,"value"],…]}` from `at`; gives where it ends, or −1 where it is something else. */
function readSamples(body: string, start: number, samples: [number, number][]): number {
  let at = start;
  for (;;) {
    if (body.charCodeAt(at) !== open) return -1;
    at += 1;
    // Unix seconds with at most three decimals, as milliseconds.
    let ms = 0;
    let decimals = -1;
    let code = body.charCodeAt(at);
    while ((code >= zero && code <= nine) || code === dot) {
      if (code === dot) decimals = 0;
      else {
        ms = ms * 10 + code - zero;
        if (decimals >= 0) decimals += 1;
      }
      at += 1;
      code = body.charCodeAt(at);
    }
    if (code !== comma || decimals > 3 || body.charCodeAt(at + 1) !== quote) return -1;
    for (let power = Math.max(0, decimals); power < 3; power += 1) ms *= 10;
    at += 2;
    const from = at;
    let value = 0;
    code = body.charCodeAt(at);
    while (code >= zero && code <= nine) {
      value = value * 10 + code - zero;
      at += 1;
      code = body.charCodeAt(at);
    }
    if (code !== quote || at === from || at - from > 15) {
      at = body.indexOf('"', from);
      if (at < 0) return -1;
      value = sampleValue(body.slice(from, at));
    }
    if (body.charCodeAt(at + 1) !== close) return -1;
    samples.push([ms, value]);
    at += 2;
    if (body.charCodeAt(at) === comma) {
      at += 1;
      continue;
    }
    return body.startsWith(']}', at) ? at + 2 : -1;
  }
}

/** Prometheus writes numbers as text, with `NaN`, `+Inf` and `-Inf`. */
export function sampleValue(text: unknown): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return typeof text === 'string' && text !== '' ? Number(text) : NaN;
}
