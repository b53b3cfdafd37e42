/** Metrics for the usual names; any key given beside `preset` overrides what stands here. */
export const presets: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'http-errors': { name: 'http-errors', type: 'ratio', total: 'http_requests_total' },
  'http-latency': { name: 'http-latency', type: 'latency', histogram: 'http_request_duration_seconds' },
  'memory-leak': {
    name: 'memory-leak',
    type: 'gauge',
    metric: 'process_resident_memory_bytes',
    test: 'leak',
  },
  restarts: { name: 'restarts', type: 'restarts', metric: 'process_start_time_seconds' },
  alerts: { name: 'alerts', type: 'alert' },
  'log-errors': { name: 'log-errors', type: 'logs', query: '|~ `(?i)\\b(error|fatal|panic)\\b`' },
};

/** Where servers, meshes and proxies write the status of a request. */
const statusLabels = ['code', 'status', 'status_code', 'response_code', 'http_response_status_code'];

/** Selectors of failed requests of a request counter: any of the usual status labels begins with 5. */
export function serverErrorsOf(total: string): string[] {
  const brace = total.indexOf('{');
  const metric = (brace < 0 ? total : total.slice(0, brace)).trim();
  const inside =
    brace < 0
      ? ''
      : total
          .slice(brace + 1, total.lastIndexOf('}'))
          .trim()
          .replace(/,$/, '');
  return statusLabels.map((label) => `${metric}{${inside === '' ? '' : `${inside},`}${label}=~"5.."}`);
}
