import type { SarifLog, SarifRun } from './sarif-types.ts';

/**
 * The log with as many results as fit: `size` gives the bytes of a JSON text as they are sent. Results are in the
 * order of weight, so the lightest go; what went is said in the log.
 */
export function fitSarif(log: SarifLog, maxBytes: number, size: (text: string) => number): SarifLog {
  const [run] = log.runs;
  if (run === undefined || size(JSON.stringify(log)) <= maxBytes) return log;
  let [fits, tooMany] = [0, run.results.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (size(JSON.stringify(cutTo(log, run, middle))) <= maxBytes) fits = middle;
    else tooMany = middle;
  }
  return cutTo(log, run, fits);
}

function cutTo(log: SarifLog, run: SarifRun, count: number): SarifLog {
  const results = run.results.slice(0, count);
  const used = new Set(results.map((result) => result.ruleIndex));
  const kept = run.tool.driver.rules
    .map((rule, index) => ({ rule, index }))
    .filter(({ index }) => used.has(index));
  const moved = new Map(kept.map(({ index }, now) => [index, now]));
  const text = `${run.results.length - count} of ${run.results.length} results are left out: the upload would be too large.`;
  const [invocation] = run.invocations;
  return {
    ...log,
    runs: [
      {
        ...run,
        tool: { driver: { ...run.tool.driver, rules: kept.map(({ rule }) => rule) } },
        invocations: [
          {
            executionSuccessful: invocation?.executionSuccessful ?? true,
            toolExecutionNotifications: [
              ...(invocation?.toolExecutionNotifications ?? []),
              { level: 'warning', message: { text } },
            ],
          },
        ],
        results: results.map((result) => ({ ...result, ruleIndex: moved.get(result.ruleIndex) ?? 0 })),
      },
    ],
  };
}
