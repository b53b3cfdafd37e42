import type { MetricReport } from '../analysis/report.ts';
import type { Report } from '../report.ts';
import { formatE } from '../verdict.ts';
import { charts } from './charts.ts';
import { escapeHtml, plot } from './plot.ts';

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:800px;margin:2rem auto;padding:0 1rem;color:#111827;background:#fff}
h1{font-size:1.4rem}.pass{color:#15803d}.fail{color:#b91c1c}.inconclusive{color:#a16207}
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #e5e7eb;padding:.35rem .5rem;text-align:left;vertical-align:top}
figure{margin:2rem 0}figcaption{font-weight:600}svg{width:100%;height:auto}
.grid{stroke:#e5e7eb}.tick{font-size:11px;fill:#4b5563}.label{font-size:12px;fill:#111827}.line{fill:none;stroke-width:2}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:1rem;padding:0;margin:.25rem 0}.legend span{display:inline-block;width:1em;height:.3em;margin-right:.4em;vertical-align:middle}`;

/** The whole report as one file that needs nothing else: no script, no address to load from. */
export function htmlReport(report: Report): string {
  const last = report.looks.at(-1);
  const rows = (last?.metrics ?? []).map(row).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Canary ${report.verdict}</title>
<style>${style}</style>
</head>
<body>
<h1 class="${report.verdict}">Canary ${report.verdict}</h1>
<p id="reason">${escapeHtml(report.reason)}</p>
<p>From ${report.start} to ${report.decided}; ${report.looks.length} looks.</p>
<table>
<thead><tr><th>metric</th><th>canary</th><th>stable</th><th>E against</th><th>E for promotion</th><th>notes</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>
${charts(report).map(plot).join('\n')}
</body>
</html>
`;
}

function row(metric: MetricReport): string {
  const notes = [metric.tripped, metric.note, ...metric.problems.map(({ text }) => text)];
  const cells = [
    metric.name + (metric.shadow ? ' (shadow)' : ''),
    counts(metric.canary),
    counts(metric.stable),
    formatE(metric.logE),
    metric.logPromote === undefined ? '–' : formatE(metric.logPromote),
    notes.filter((note) => note !== undefined).join('; '),
  ];
  return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
}

function counts({ events, total }: { events: number; total: number }): string {
  return total === 0 ? '–' : `${events} of ${total}`;
}
