export interface Line {
  readonly label: string;
  readonly color: string;
  /** (x, y) pairs; a gap where y is not finite. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly dashed?: boolean;
}

/** The area between two lines over the same x. */
export interface Band {
  readonly color: string;
  readonly points: readonly (readonly [x: number, low: number, high: number])[];
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly Line[];
  readonly band?: Band;
}

const width = 720;
const height = 300;
const margin = { left: 64, right: 16, top: 12, bottom: 44 };

/** One chart as inline SVG: axes with ticks, lines, an optional band and a legend. Pure text, no script. */
export function plot(chart: Plot): string {
  const xs = chart.lines.flatMap(({ points }) => points.map(([x]) => x));
  const ys = [
    ...chart.lines.flatMap(({ points }) => points.map(([, y]) => y)),
    ...(chart.band?.points.flatMap(([, low, high]) => [low, high]) ?? []),
  ].filter(Number.isFinite);
  const x = scale(xs, margin.left, width - margin.right);
  const y = scale(ys, height - margin.bottom, margin.top);
  const body = [
    ...y.ticks.map(
      (tick) =>
        `<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/>` +
        `<text class="tick" text-anchor="end" x="${margin.left - 6}" y="${y.at(tick) + 4}">${number(tick)}</text>`,
    ),
    ...x.ticks.map(
      (tick) =>
        `<text class="tick" text-anchor="middle" x="${x.at(tick)}" y="${height - margin.bottom + 18}">${number(tick)}</text>`,
    ),
    `<text class="label" text-anchor="middle" x="${(width + margin.left) / 2}" y="${height - 6}">${escapeHtml(chart.xLabel)}</text>`,
    `<text class="label" text-anchor="middle" transform="translate(14 ${height / 2}) rotate(-90)">${escapeHtml(chart.yLabel)}</text>`,
    chart.band === undefined ? '' : area(chart.band, x.at, y.at),
    ...chart.lines.map((line) => path(line, x.at, y.at)),
  ];
  const legend = chart.lines.map(
    ({ label, color }) => `<li><span style="background:${color}"></span>${escapeHtml(label)}</li>`,
  );
  return (
    `<figure><figcaption>${escapeHtml(chart.title)}</figcaption>` +
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(chart.title)}">${body.join('')}</svg>` +
    `<ul class="legend">${legend.join('')}</ul></figure>`
  );
}

function path({ points, color, dashed, label }: Line, x: Place, y: Place): string {
  let text = '';
  let drawing = false;
  for (const [px, py] of points) {
    if (Number.isFinite(py)) text += `${drawing ? 'L' : 'M'}${x(px)} ${y(py)}`;
    drawing = Number.isFinite(py);
  }
  const dash = dashed === true ? ' stroke-dasharray="5 4"' : '';
  return `<path class="line" data-label="${escapeHtml(label)}" d="${text}" stroke="${color}"${dash}/>`;
}

function area({ points, color }: Band, x: Place, y: Place): string {
  const known = points.filter(([, low, high]) => Number.isFinite(low) && Number.isFinite(high));
  if (known.length === 0) return '';
  const there = known.map(([px, , high]) => `${x(px)} ${y(high)}`);
  const back = known.toReversed().map(([px, low]) => `${x(px)} ${y(low)}`);
  return `<path class="band" d="M${[...there, ...back].join('L')}Z" fill="${color}"/>`;
}

type Place = (value: number) => number;

/** A linear scale over the values, widened to round ticks. */
function scale(values: readonly number[], from: number, to: number): { at: Place; ticks: number[] } {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(low <= high)) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const step = niceStep((high - low) / 5);
  const first = Math.floor(low / step) * step;
  const last = Math.ceil(high / step) * step;
  const count = Math.round((last - first) / step);
  return {
    at: (value) => Number((from + ((value - first) / (last - first)) * (to - from)).toFixed(1)),
    ticks: Array.from({ length: count + 1 }, (_, index) => first + index * step),
  };
}

/** 1, 2 or 5 times a power of ten, at least the rough step. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10;
  return factor * power;
}

function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
