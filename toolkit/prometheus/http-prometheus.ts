import { HttpFailure, type HttpAnswer, type HttpPort } from '../http/http.ts';
import { matrixReader, type MatrixReader } from './matrix-reader.ts';
import { parseRangeVector, parseScalar } from './parse-answer.ts';
import { QueryFailure, type PrometheusPort } from './prometheus.ts';

/** Longest query sent in the address; longer ones travel in the body of a POST. */
const longestGet = 1_800;

/** The HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/), also of Thanos, Mimir and Cortex. */
export function httpPrometheus(
  http: HttpPort,
  baseUrl: string,
  headers: Readonly<Record<string, string>>,
): PrometheusPort {
  const endpoint = `${baseUrl.replace(/\/+$/, '')}/api/v1/query`;

  // One for each selector: a gate asks for the same few again and again.
  const readers = new Map<string, MatrixReader>();
  const readerOf = (selector: string): MatrixReader => {
    const known = readers.get(selector) ?? matrixReader();
    readers.set(selector, known);
    return known;
  };

  const query = async (parameters: Record<string, string>, signal: AbortSignal): Promise<HttpAnswer> => {
    const form = new URLSearchParams(parameters).toString();
    const short = form.length <= longestGet;
    try {
      return await http.send(
        short
          ? { method: 'GET', url: `${endpoint}?${form}`, headers: { accept: 'application/json', ...headers } }
          : {
              method: 'POST',
              url: endpoint,
              body: form,
              headers: {
                accept: 'application/json',
                'content-type': 'application/x-www-form-urlencoded',
                ...headers,
              },
            },
        signal,
      );
    } catch (error) {
      if (error instanceof HttpFailure)
        throw new QueryFailure({ kind: 'unreachable', detail: error.message }, { cause: error });
      throw error;
    }
  };

  return {
    rangeVector: async (selector, endMs, windowMs, signal) => {
      const answer = await query(
        { query: `${selector}[${Math.ceil(windowMs)}ms]`, time: (endMs / 1000).toFixed(3) },
        signal,
      );
      return parseRangeVector(answer, readerOf(selector));
    },
    serverTime: async (signal) => parseScalar(await query({ query: 'time()' }, signal)),
  };
}

/** The `Authorization` header for a token or a name and password; empty when neither is given. */
export function authorization(credentials: {
  token: string;
  username: string;
  password: string;
}): Record<string, string> {
  if (credentials.token !== '') return { authorization: `Bearer ${credentials.token}` };
  if (credentials.username === '') return {};
  const pair = Buffer.from(`${credentials.username}:${credentials.password}`, 'utf8').toString('base64');
  return { authorization: `Basic ${pair}` };
}
