import type { Report, ReportLook } from '../report.ts';

/** Points drawn at most: a summary has 1 MiB, and a chart of more is not read. */
const mostPoints = 60;

/** A Mermaid chart of log10 E over the minutes, with the thresholds to fail and to promote as level lines. */
export function evidenceChart(report: Report): string {
  const looks = thin(report.looks);
  const start = Date.parse(report.start);
  const minutes = looks.map((look) => ((Date.parse(look.end) - start) / 60_000).toFixed(1));
  const against = looks.map((look) => clip(look.logE / Math.LN10));
  const promotion = looks.map((look) => clip(weakestPromotion(look) / Math.LN10));
  const fail = -Math.log10(report.alpha);
  const pass = -Math.log10(report.promoteAlpha);
  const values = [...against, ...promotion, fail, pass, 0];
  const low = Math.floor(Math.min(...values)) - 0.5;
  const high = Math.ceil(Math.max(...values)) + 0.5;
  const line = (numbers: readonly number[]): string =>
    `  line [${numbers.map((n) => n.toFixed(2)).join(', ')}]`;
  return [
    '```mermaid',
    'xychart-beta',
    '  title "Evidence: log10 E (lines: against, for promotion, fails at, passes at)"',
    `  x-axis "minutes" [${minutes.map((m) => `"${m}"`).join(', ')}]`,
    `  y-axis "log10 E" ${low} --> ${high}`,
    line(against),
    line(promotion),
    line(looks.map(() => fail)),
    line(looks.map(() => pass)),
    '```',
  ].join('\n');
}

/** Promotion needs every metric, so the weakest one is what it waits for. */
function weakestPromotion(look: ReportLook): number {
  const voting = look.metrics.filter((metric) => !metric.shadow && metric.logPromote !== undefined);
  return voting.length === 0 ? 0 : Math.min(...voting.map((metric) => metric.logPromote ?? 0));
}

function clip(value: number): number {
  return Math.max(-4, Math.min(12, value));
}

function thin(looks: readonly ReportLook[]): readonly ReportLook[] {
  const every = Math.ceil(looks.length / mostPoints);
  return looks.filter((_, index) => (looks.length - 1 - index) % every === 0);
}
