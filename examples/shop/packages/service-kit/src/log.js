/**
 * A log of one JSON object per line on stdout, as the cluster's collector expects it.
 * `count` is told the level of each line, so that alerts can watch the rate of errors in the log.
 */
export function createLog({ fields = {}, write = (line) => process.stdout.write(line), count } = {}) {
  const at = (level) => (message, details) => {
    count?.(level);
    write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields, ...details })}\n`);
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
