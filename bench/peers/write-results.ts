import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { replaceBetween } from '../../scripts/docs-tables.ts';
import { judgesTable, scenariosTable, type Result } from './report.ts';
import type { Scenario } from './scenarios.ts';

/** Writes `OUT.csv`, and the tables into `OUT.md` between its markers, or as a new file; gives the tables. */
export function writeResults(
  out: string,
  command: string,
  results: readonly Result[],
  scenarios: readonly Scenario[],
): string {
  const text = [
    command,
    '',
    judgesTable(results, scenarios),
    '',
    'By scenario: the median, and the range in brackets; what is wrong is bold. Seconds are from the release to the',
    'verdict, requests those that the canary had served by then.',
    '',
    scenariosTable(results, scenarios),
  ].join('\n');
  const page = `${out}.md`;
  const old = existsSync(page) ? readFileSync(page, 'utf8') : '<!-- results:start --><!-- results:end -->\n';
  writeFileSync(page, replaceBetween(old, 'results', text));
  const cells = ({ round, app, scenario, judge, verdict, seconds, exposed }: Result): string =>
    [round, app, scenario, judge, verdict, seconds, exposed].map((cell) => JSON.stringify(cell)).join(',');
  const head = 'round,app,scenario,judge,verdict,seconds,exposed';
  writeFileSync(`${out}.csv`, [head, ...results.map(cells), ''].join('\n'));
  return text;
}
