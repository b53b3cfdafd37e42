import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matrixReader } from './matrix-reader.ts';
import { parseRangeVector } from './parse-answer.ts';

interface Series {
  readonly metric: Record<string, string>;
  readonly values: readonly (readonly [number, string])[];
}

const text = (result: readonly unknown[]): string =>
  `{"status":"success","data":{"resultType":"matrix","result":${JSON.stringify(result)}}}`;
const plainly = (body: string) => parseRangeVector({ status: 200, headers: {}, body }).series;

const value = fc.oneof(
  fc.nat().map(String),
  fc.double().map((number) => (Number.isFinite(number) ? String(number) : 'NaN')),
  fc.constantFrom('+Inf', '-Inf', 'NaN', '900719925474099312345', '1e+21', '-3', '0.1'),
);
const time = fc.integer({ min: 0, max: 4e12 }).map((ms) => ms / 1000);
const labels = fc.dictionary(
  fc.constantFrom('__name__', 'pod', 'le', 'values', 'metric', 'path'),
  fc.oneof(
    fc.string(),
    fc.constantFrom(',"values":[', '"values":[[', ']}', '}', '\\', '"', 'é', '\u2028', '<>&'),
  ),
);
const series = fc.record<Series>({
  metric: labels,
  values: fc.array(fc.tuple(time, value), { minLength: 1, maxLength: 4 }),
});
const answers = fc.array(
  fc.uniqueArray(series, { maxLength: 6, selector: (one) => JSON.stringify(one.metric) }),
  {
    minLength: 1,
    maxLength: 5,
  },
);

describe('matrixReader', () => {
  it('reads what JSON.parse reads, whichever series come, go and move from answer to answer', () => {
    fc.assert(
      fc.property(answers, (several) => {
        const read = matrixReader();
        for (const one of several) {
          const body = text(one);
          expect(read(body)).toEqual(plainly(body));
        }
      }),
    );
  });

  it('gives a series that comes again the same labels object', () => {
    const read = matrixReader();
    const one = (pod: string, count: number): Series => ({ metric: { pod }, values: [[1, String(count)]] });
    const first = read(text([one('a', 1), one('c', 1)])) ?? [];
    const second = read(text([one('a', 2), one('b', 2), one('c', 2)])) ?? [];
    const third = read(text([one('b', 3), one('c', 3)])) ?? [];
    expect(second[0]?.labels).toBe(first[0]?.labels);
    expect(second[2]?.labels).toBe(first[1]?.labels);
    expect(third.map((series) => series.labels)).toEqual([{ pod: 'b' }, { pod: 'c' }]);
    expect(third[1]?.labels).toBe(first[1]?.labels);
  });

  it.each([
    ['an error', '{"status":"error","errorType":"bad_data","error":"no"}'],
    ['a vector', '{"status":"success","data":{"resultType":"vector","result":[]}}'],
    ['warnings', `${text([]).slice(0, -1)},"warnings":["partial"]}`],
    ['a page', '<html></html>'],
    ['an answer that was cut off', text([{ metric: { pod: 'a' }, values: [[1, '1']] }]).slice(0, -5)],
    ['an answer that was cut off in a label', `${text([{ metric: { pod: 'abc' } }]).slice(0, -8)}]}}`],
    ['a native histogram', text([{ metric: {}, histograms: [[1, { count: '1', sum: '1' }]] }])],
    ['other spacing', JSON.stringify(JSON.parse(text([])), null, 1)],
    ['a number where text is due', text([{ metric: {}, values: [[1, 1]] }])],
    ['a fourth decimal', text([{ metric: {}, values: [[1.2345, '1']] }])],
    ['no sample', text([{ metric: {}, values: [] }])],
  ])('leaves %s to JSON.parse', (_, body) => {
    expect(matrixReader()(body)).toBeUndefined();
  });

  it('knows its series again after an answer that it could not read', () => {
    const read = matrixReader();
    const good = text([{ metric: { pod: 'a' }, values: [[1, '1']] }]);
    const labels = read(good)?.[0]?.labels;
    expect(read('<html></html>')).toBeUndefined();
    expect(read(good)?.[0]?.labels).toBe(labels);
  });
});
