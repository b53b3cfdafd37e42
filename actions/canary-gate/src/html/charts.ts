import type { MetricReport } from '../analysis/report.ts';
import type { Report } from '../report.ts';
import type { Line, Plot } from './plot.ts';

const colors = { canary: '#c2410c', stable: '#1d4ed8', against: '#b91c1c', promotion: '#15803d' } as const;

interface Moment {
  readonly minute: number;
  readonly metric: MetricReport;
}

/** Every chart of a report: the evidence as a whole, then what each metric has to show. */
export function charts(report: Report): Plot[] {
  const names = report.looks.at(-1)?.metrics.map(({ name }) => name) ?? [];
  return [
    evidence(report),
    ...names.flatMap((name) => {
      const moments = report.looks.flatMap((look): Moment[] => {
        const metric = look.metrics.find((one) => one.name === name);
        return metric === undefined ? [] : [{ minute: minuteOf(report, look.end), metric }];
      });
      return [ratioOf(name, moments), distributionOf(name, moments), levelsOf(name, moments)].filter(
        (chart) => chart !== undefined,
      );
    }),
  ];
}

function evidence(report: Report): Plot {
  const minutes = report.looks.map((look) => minuteOf(report, look.end));
  const level = (label: string, value: number, color: string): Line => ({
    ...{ label, color, dashed: true },
    points: minutes.map((minute) => [minute, value]),
  });
  const weakest = report.looks.map((look) =>
    Math.min(
      Infinity,
      ...look.metrics.flatMap(({ shadow, logPromote }) => (shadow ? [] : [logPromote ?? Infinity])),
    ),
  );
  return {
    title: 'Evidence over time',
    xLabel: 'minutes since the start',
    yLabel: 'log10 E',
    lines: [
      {
        ...{ label: 'against the canary', color: colors.against },
        points: report.looks.map((look, index) => [minutes[index] ?? 0, look.logE / Math.LN10]),
      },
      {
        ...{ label: 'for promotion (weakest metric)', color: colors.promotion },
        points: weakest.map((logE, index) => [minutes[index] ?? 0, logE / Math.LN10]),
      },
      level(`fails at 1/${report.alpha}`, -Math.log10(report.alpha), colors.against),
      level(`passes at 1/${report.promoteAlpha}`, -Math.log10(report.promoteAlpha), colors.promotion),
    ],
  };
}

/** The ratio of the rates with its confidence sequence; infinite bounds are drawn at the edge of what is known. */
function ratioOf(name: string, moments: readonly Moment[]): Plot | undefined {
  const known = moments.flatMap(({ minute, metric: { ratio } }) =>
    ratio?.estimate === undefined ? [] : [{ minute, ...ratio, estimate: ratio.estimate }],
  );
  if (known.length < 2) return undefined;
  const log = (value: number): number => Math.max(-2, Math.min(2, Math.log10(Math.max(value, 1e-9))));
  return {
    title: `${name}: ratio of canary to stable with its confidence sequence`,
    xLabel: 'minutes since the start',
    yLabel: 'log10 ratio',
    lines: [
      {
        ...{ label: 'estimate', color: colors.canary },
        points: known.map(({ minute, estimate }) => [minute, log(estimate)]),
      },
      {
        ...{ label: 'equal', color: colors.stable, dashed: true },
        points: known.map(({ minute }) => [minute, 0]),
      },
    ],
    band: {
      color: '#c2410c33',
      points: known.map(({ minute, lower, upper }) => [minute, log(lower), log(upper)]),
    },
  };
}

/** Shares of requests within each tested boundary, as the last look knows them. */
function distributionOf(name: string, moments: readonly Moment[]): Plot | undefined {
  const last = moments.at(-1)?.metric.distribution;
  if (last === undefined || last.length < 2) return undefined;
  const line = (label: string, color: string, arm: 'canary' | 'stable'): Line => ({
    ...{ label, color },
    points: last.map((point) => [Math.log10(point.le), 100 * point[arm]]),
  });
  return {
    title: `${name}: share of requests within a latency`,
    xLabel: 'log10 latency',
    yLabel: 'percent',
    lines: [line('canary', colors.canary, 'canary'), line('stable', colors.stable, 'stable')],
  };
}

/** A gauge's level in both arms, and the line that was fitted to the canary. */
function levelsOf(name: string, moments: readonly Moment[]): Plot | undefined {
  const known = moments.flatMap(({ minute, metric: { levels } }) =>
    levels === undefined ? [] : [{ minute, ...levels }],
  );
  const last = known.at(-1);
  if (last === undefined || known.length < 2) return undefined;
  const { slope } = last;
  const fitted: Line[] =
    slope === undefined
      ? []
      : [
          {
            ...{ label: 'fitted slope', color: '#111827', dashed: true },
            points: known.map(({ minute }) => [minute, last.canary + slope * 60 * (minute - last.minute)]),
          },
        ];
  return {
    title: `${name}: level`,
    xLabel: 'minutes since the start',
    yLabel: name,
    lines: [
      { label: 'canary', color: colors.canary, points: known.map(({ minute, canary }) => [minute, canary]) },
      { label: 'stable', color: colors.stable, points: known.map(({ minute, stable }) => [minute, stable]) },
      ...fitted,
    ],
  };
}

function minuteOf(report: Report, end: string): number {
  return (Date.parse(end) - Date.parse(report.start)) / 60_000;
}
