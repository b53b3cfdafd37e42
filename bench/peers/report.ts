import { escapeMarkdown, table } from '../../toolkit/summary/markdown.ts';
import { median } from '../median.ts';
import type { Outcome } from './outcomes.ts';
import type { Scenario } from './scenarios.ts';

/** One judge's verdict on one canary. */
export interface Result {
  readonly round: number;
  readonly app: string;
  readonly scenario: string;
  readonly judge: string;
  readonly verdict: Outcome['verdict'];
  /** From the release to the verdict. */
  readonly seconds: number;
  /** Requests that the canary had served by then. */
  readonly exposed: number;
  readonly reason: string;
}

/** A stopped healthy canary, a bad one that was not stopped, one without traffic that was let through. */
export function isWrong(truth: Scenario['truth'], verdict: Outcome['verdict']): boolean {
  if (truth === 'healthy') return verdict === 'stopped';
  return truth === 'bad' ? verdict !== 'stopped' : verdict === 'promoted';
}

const judgesOf = (results: readonly Result[]): string[] => [...new Set(results.map(({ judge }) => judge))];

/** Per judge: how often it was wrong, and what it took where it was right to stop. */
export function judgesTable(results: readonly Result[], scenarios: readonly Scenario[]): string {
  const truths = new Map(scenarios.map(({ name, truth }) => [name, truth]));
  const rows = judgesOf(results).map((judge) => {
    const own = results.filter((result) => result.judge === judge);
    const of = (truth: Scenario['truth']): Result[] =>
      own.filter(({ scenario }) => truths.get(scenario) === truth);
    const wrong = (truth: Scenario['truth']): string =>
      `${of(truth).filter(({ verdict }) => isWrong(truth, verdict)).length} of ${of(truth).length}`;
    const caught = of('bad').filter(({ verdict }) => verdict === 'stopped');
    return [
      judge,
      wrong('healthy'),
      wrong('bad'),
      wrong('unknown'),
      spread(caught.map(({ seconds }) => seconds)),
      spread(caught.map(({ exposed }) => exposed)),
    ];
  });
  return table(
    [
      'judge',
      'healthy ones stopped',
      'bad ones missed',
      'let through without traffic',
      'seconds until a bad one was stopped',
      'requests a stopped bad one had served',
    ],
    rows,
  );
}

/** Per scenario and judge: verdicts, time and exposure. */
export function scenariosTable(results: readonly Result[], scenarios: readonly Scenario[]): string {
  const rows = scenarios.flatMap(({ name, title, truth }) =>
    judgesOf(results).flatMap((judge) => {
      const own = results.filter((result) => result.scenario === name && result.judge === judge);
      if (own.length === 0) return [];
      const verdicts = (['stopped', 'promoted', 'inconclusive'] as const).flatMap((verdict) => {
        const count = own.filter((result) => result.verdict === verdict).length;
        if (count === 0) return [];
        const words = `${verdict} ${count} of ${own.length}`;
        return isWrong(truth, verdict) ? [`**${words}**`] : [words];
      });
      return [
        [
          title,
          judge,
          verdicts.join(', '),
          spread(own.map(({ seconds }) => seconds)),
          spread(own.map(({ exposed }) => exposed)),
          escapeMarkdown(own[0]?.reason.slice(0, 160) ?? ''),
        ],
      ];
    }),
  );
  return table(['scenario', 'judge', 'verdict', 'seconds', 'requests', 'reason given (first one)'], rows);
}

/** The median, and the range in brackets; a dash for nothing. */
function spread(values: readonly number[]): string {
  if (values.length === 0) return '–';
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const middle = String(Math.round(median(values)));
  return least === most ? middle : `${middle} (${least}–${most})`;
}
