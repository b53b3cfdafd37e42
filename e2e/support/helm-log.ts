import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface HelmLog {
  /** PATH with a `helm` that notes when a command that changes something begins and ends, and takes a second longer. */
  readonly path: string;
  readonly begun: () => number;
  /** The most of them that there were at one time. */
  readonly most: () => number;
}

/** Stands in front of the helm that this PATH finds; what only reads goes straight through. */
export function logHelm(path: string): HelmLog {
  const folder = mkdtempSync(join(tmpdir(), 'gd-helm-log-'));
  const log = join(folder, 'log');
  writeFileSync(log, '');
  const script = `#!/bin/sh
PATH='${path}'
case " $* " in
  *' upgrade '* | *' install '* | *' rollback '* | *' uninstall '*) ;;
  *) exec helm "$@" ;;
esac
echo begin >> '${log}'
sleep 1
helm "$@"
code=$?
echo end >> '${log}'
exit $code
`;
  writeFileSync(join(folder, 'helm'), script, { mode: 0o755 });
  const lines = (): string[] => readFileSync(log, 'utf8').split('\n');
  return {
    path: [folder, path].join(delimiter),
    begun: () => lines().filter((line) => line === 'begin').length,
    most: () => {
      let now = 0;
      return Math.max(
        0,
        ...lines().map((line) => {
          if (line !== '') now += line === 'begin' ? 1 : -1;
          return now;
        }),
      );
    },
  };
}
