import { escapeMarkdown, inlineCode, table } from '../../../toolkit/summary/markdown.ts';
import { formatDuration } from '../../../toolkit/action/duration.ts';
import type { MetricReport } from './analysis/report.ts';
import { evidenceChart } from './summary/evidence-chart.ts';
import type { Report } from './report.ts';
import { formatE } from './verdict.ts';

const icons = { pass: '✅', fail: '❌', inconclusive: '⚠️' } as const;

/** The job summary: the verdict and why, a table per metric, the evidence over time, what happens next. */
export function renderSummary(report: Report): string {
  const last = report.looks.at(-1);
  const elapsed = formatDuration(Date.parse(report.decided) - Date.parse(report.start));
  const parts = [
    `## ${icons[report.verdict]} Canary ${report.verdict} after ${elapsed}`,
    `${escapeMarkdown(report.reason)}.`,
  ];
  if (last !== undefined) {
    parts.push(metricTable(report, last.metrics));
    const notes = last.metrics.flatMap(({ name, tripped, note }) =>
      [tripped, note].flatMap((text) =>
        text === undefined ? [] : [`- ${inlineCode(name)}: ${escapeMarkdown(text)}`],
      ),
    );
    if (notes.length > 0) parts.push(notes.join('\n'));
    const problems = last.metrics.flatMap(({ name, problems: found }) =>
      found.map(({ text }) => `- ${inlineCode(name)}: ${escapeMarkdown(text)}`),
    );
    if (problems.length > 0) parts.push(['**Data problems**', '', ...problems].join('\n'));
  }
  if (report.looks.length > 1) parts.push(evidenceChart(report));
  for (const warning of report.warnings) parts.push(`> ⚠️ ${escapeMarkdown(warning)}`);
  for (const { from, to, detail } of report.outages)
    parts.push(`> Prometheus gave no data from ${from} to ${to ?? 'the end'}: ${escapeMarkdown(detail)}`);
  parts.push(`**Next:** ${nextStep(report)}`);
  return parts.join('\n\n');
}

function metricTable(report: Report, metrics: readonly MetricReport[]): string {
  const rows = metrics.map((metric) => [
    inlineCode(metric.name) + (metric.shadow ? ' (shadow)' : ''),
    counts(metric.canary),
    counts(metric.stable),
    ratio(metric),
    formatE(metric.logE),
    metric.logPromote === undefined ? '–' : formatE(metric.logPromote),
    firstCrossing(report, metric),
  ]);
  return table(
    ['metric', 'canary', 'stable', 'ratio', 'E against', 'E for promotion', 'first crossing'],
    rows,
  );
}

function counts({ events, total }: { events: number; total: number }): string {
  if (total === 0) return '–';
  return `${events} / ${total} (${Number(((100 * events) / total).toPrecision(3))} %)`;
}

function ratio({ ratio: interval }: MetricReport): string {
  if (interval === undefined) return '–';
  const text = (value: number): string => (Number.isFinite(value) ? value.toPrecision(3) : '∞');
  const estimate = interval.estimate === undefined ? '–' : text(interval.estimate);
  return `${estimate} [${text(interval.lower)}, ${text(interval.upper)}]`;
}

/** When the metric's own evidence first reached the threshold, after the start. */
function firstCrossing(report: Report, { name }: MetricReport): string {
  const threshold = -Math.log(report.alpha);
  const crossed = report.looks.find((look) =>
    look.metrics.some((metric) => metric.name === name && metric.logE >= threshold),
  );
  return crossed === undefined ? '–' : formatDuration(Date.parse(crossed.end) - Date.parse(report.start));
}

function nextStep(report: Report): string {
  switch (report.verdict) {
    case 'pass':
      return 'promote the canary.';
    case 'fail':
      return 'roll the canary back; the metrics named above show where to look first.';
    case 'inconclusive':
      if (['no-series', 'bad-data', 'prometheus', 'placebo'].includes(report.cause))
        return `mend what is named above, then run it again; for now it counts as a ${report.onInconclusive}.`;
      return report.onInconclusive === 'fail'
        ? 'treated as a failure (`on-inconclusive: fail`): give it more traffic or a longer `max-duration`, then run it again.'
        : 'treated as a pass (`on-inconclusive: pass`): nothing was proved.';
  }
}
