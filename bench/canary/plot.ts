import { comparable, percent } from './summary.ts';
import type { Row } from './tasks.ts';

const WIDTH = 900;
const HEIGHT = 420;
const LEFT = 70;
const TOP = 50;
const SIDE = 340;

/** Two panels as a self-contained SVG: delay against Wald's bound, and alarms on healthy against bad canaries. */
export function plot(rows: readonly Row[], caption: string): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="20" font-size="13">${escapeXml(caption)}</text>`,
    delayPanel(rows.filter(({ section }) => section === 'delay')),
    judgePanel(comparable(rows)),
    '</svg>',
  ].join('\n');
}

/** Both axes logarithmic, seconds to hours; the diagonal is the bound, the dashed line 1.5 times it. */
function delayPanel(rows: readonly Row[]): string {
  const finite = rows.filter((row) => Number.isFinite(row.medianSeconds));
  const [low, high] = [Math.log(1), Math.log(1e8)];
  const scale = (seconds: number): number => (SIDE * (Math.log(Math.max(1, seconds)) - low)) / (high - low);
  const x = (seconds: number): number => LEFT + scale(seconds);
  const y = (seconds: number): number => TOP + SIDE - scale(seconds);
  const line = (factor: number, dash: string): string =>
    `<line x1="${x(1)}" y1="${y(factor)}" x2="${x(1e8 / factor)}" y2="${y(1e8)}" stroke="#888" stroke-dasharray="${dash}"/>`;
  const ticks = [1, 60, 3600, 86_400, 2_592_000].map((seconds) => {
    const label = { 1: '1 s', 60: '1 min', 3600: '1 h', 86400: '1 d', 2592000: '30 d' }[seconds] ?? '';
    return `<text x="${x(seconds)}" y="${TOP + SIDE + 15}" text-anchor="middle">${label}</text><text x="${LEFT - 6}" y="${y(seconds) + 4}" text-anchor="end">${label}</text>`;
  });
  const dots = finite.map(
    (row) =>
      `<circle cx="${x(row.referenceSeconds).toFixed(1)}" cy="${y(row.medianSeconds).toFixed(1)}" r="3" fill="#1f6feb" fill-opacity="0.6"/>`,
  );
  return [
    frame(LEFT, 'median delay (up) against ln(1/α)/KL (right)'),
    line(1, ''),
    line(1.5, '4 3'),
    ...ticks,
    ...dots,
  ].join('\n');
}

/** One dot per judge and cell: alarms on a healthy canary (right) and stops of one twice as bad (up). */
function judgePanel(rows: readonly Row[]): string {
  const left = LEFT + SIDE + 90;
  const judges = [...new Set(rows.map(({ judge }) => judge))];
  const colours = [
    '#1f6feb',
    '#54aeff',
    '#cf222e',
    '#fa4549',
    '#9a6700',
    '#d4a72c',
    '#8250df',
    '#1a7f37',
    '#57606a',
  ];
  const dots = judges.map((judge, index) => {
    const mine = rows.filter((row) => row.judge === judge);
    const rate = (ratio: number): number => {
      const cells = mine.filter((row) => row.ratio === ratio);
      return cells.reduce((sum, row) => sum + row.hits / row.runs, 0) / Math.max(1, cells.length);
    };
    const cx = left + SIDE * rate(1);
    const cy = TOP + SIDE * (1 - rate(2));
    const colour = colours[index] ?? '#000';
    // Dots lie close together, so the names stand in a list of their own.
    const legendY = TOP + SIDE / 2 + 18 * index;
    const names = `<circle cx="${left + 90}" cy="${legendY}" r="6" fill="${colour}"/><text x="${left + 102}" y="${legendY + 4}">${escapeXml(judge)}: ${percent(rate(1))}, ${percent(rate(2))}</text>`;
    return `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="6" fill="${colour}" fill-opacity="0.8"/>${names}`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((rate) => {
    const label = `${rate * 100} %`;
    return `<text x="${left + SIDE * rate}" y="${TOP + SIDE + 15}" text-anchor="middle">${label}</text><text x="${left - 6}" y="${TOP + SIDE * (1 - rate) + 4}" text-anchor="end">${label}</text>`;
  });
  return [
    frame(left, 'stops a canary twice as bad (up), stops a healthy one (right)'),
    ...ticks,
    ...dots,
  ].join('\n');
}

function frame(left: number, title: string): string {
  return `<rect x="${left}" y="${TOP}" width="${SIDE}" height="${SIDE}" fill="none" stroke="#ccc"/><text x="${left}" y="${TOP - 8}">${title}</text>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
