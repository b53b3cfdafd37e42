import type { Database } from './scanners/trivy/database.ts';

/** What the report says about the vulnerability database; nothing when none was asked for. */
export function databaseNews(database: Database | undefined): {
  readonly ageHours: number | undefined;
  readonly warnings: readonly string[];
} {
  if (database?.kind !== 'ready') return { ageHours: undefined, warnings: [] };
  const { ageHours, warning } = database;
  return { ageHours, warnings: warning === undefined ? [] : [warning] };
}
