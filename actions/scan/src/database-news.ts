import type { ScanTools } from './scanners/scanner.ts';

/** What the report says about the vulnerability databases; nothing when none was asked for. */
export function databaseNews({ main, java }: Awaited<ReturnType<ScanTools['usedDatabases']>>): {
  readonly ageHours: number | undefined;
  readonly warnings: readonly string[];
} {
  const ready = [main, java].filter((database) => database?.kind === 'ready');
  return {
    ageHours: main?.kind === 'ready' ? main.ageHours : undefined,
    warnings: ready.flatMap(({ warning }) => (warning === undefined ? [] : [warning])),
  };
}
