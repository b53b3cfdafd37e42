import { describe, expect, it } from '@jest/globals';
import { parseRangeVector, parseScalar } from './parse-answer.ts';
import { QueryFailure } from './prometheus.ts';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const matrix = (result: unknown, more = {}) =>
  answer(200, { status: 'success', data: { resultType: 'matrix', result }, ...more });

function problemOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (error instanceof QueryFailure) return error.problem.kind;
    throw error;
  }
  return 'none';
}

describe('parseRangeVector', () => {
  it('reads samples in milliseconds, with NaN and the infinities', () => {
    const values = [
      [1.5, '2'],
      [2, 'NaN'],
      [3, '+Inf'],
      [4, '-Inf'],
    ];
    const { series, warnings } = parseRangeVector(
      matrix([{ metric: { __name__: 'up', pod: 'a' }, values }], { warnings: ['no store for 5m'] }),
    );
    expect(series).toEqual([
      {
        labels: { __name__: 'up', pod: 'a' },
        samples: [
          [1500, 2],
          [2000, NaN],
          [3000, Infinity],
          [4000, -Infinity],
        ],
      },
    ]);
    expect(warnings).toEqual(['no store for 5m']);
  });

  it('reads native histograms', () => {
    const histogram = {
      count: '3',
      sum: '0.7',
      buckets: [
        [0, '0.1', '0.2', '2'],
        [0, '0.2', '0.4', '1'],
      ],
    };
    const { series } = parseRangeVector(matrix([{ metric: {}, histograms: [[1, histogram]] }]));
    expect(series[0]?.histograms).toEqual([
      [
        1000,
        {
          count: 3,
          sum: 0.7,
          buckets: [
            { lower: 0.1, upper: 0.2, count: 2 },
            { lower: 0.2, upper: 0.4, count: 1 },
          ],
        },
      ],
    ]);
  });

  it.each([
    ['HTML of a login page', answer(200, '<html>please log in</html>'), 'garbage'],
    ['JSON that was cut off', answer(200, '{"status":"success","data":{"resultTy'), 'garbage'],
    ['another JSON API', answer(200, { hello: 'world' }), 'garbage'],
    ['an empty body', answer(200, ''), 'garbage'],
    ['a malformed sample', matrix([{ metric: {}, values: [[1, 2]] }]), 'garbage'],
    [
      'a vector instead of a matrix',
      answer(200, { status: 'success', data: { resultType: 'vector', result: [] } }),
      'garbage',
    ],
    ['a redirect', answer(302, '', { location: 'https://sso/' }), 'garbage'],
    ['a page that is not there', answer(404, '404 page not found'), 'garbage'],
    ['a query it does not understand', answer(400, { status: 'error', error: 'parse error' }), 'refused'],
    ['a query that is too expensive', answer(422, { status: 'error', error: 'too many samples' }), 'refused'],
    ['missing credentials', answer(401, 'Unauthorized'), 'unauthorized'],
    ['a tenant without access', answer(403, ''), 'unauthorized'],
    ['rate limiting', answer(429, ''), 'busy'],
    ['a server that starts', answer(503, 'Service Unavailable'), 'busy'],
    ['a broken gateway', answer(502, '<html>'), 'busy'],
  ])('%s is a typed problem', (_, given, kind) => {
    expect(problemOf(() => parseRangeVector(given))).toBe(kind);
  });

  it('says what the server said', () => {
    const refused = answer(400, { status: 'error', error: 'unknown function "ratee"' });
    expect(() => parseRangeVector(refused)).toThrow('unknown function "ratee"');
  });
});

describe('parseScalar', () => {
  it('reads the server time', () => {
    const body = { status: 'success', data: { resultType: 'scalar', result: [1700.5, '1700.5'] } };
    expect(parseScalar(answer(200, body))).toBe(1_700_500);
  });
});
