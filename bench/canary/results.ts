import type { Row, Task } from './tasks.ts';

const COLUMNS = [
  'section',
  'rps',
  'share',
  'baseRate',
  'disturbance',
  'ratio',
  'judge',
  'seed',
  'runs',
  'hits',
  'low',
  'high',
  'medianSeconds',
  'medianExposed',
  'meanExposed',
  'referenceSeconds',
  'lookSeconds',
  'promise',
] as const satisfies readonly (keyof Row)[];

export const CSV_HEAD = COLUMNS.join(',');

export function toCsv(row: Row): string {
  return COLUMNS.map((column) => {
    const value = row[column];
    return typeof value === 'number' && !Number.isInteger(value)
      ? String(Number(value.toPrecision(6)))
      : String(value);
  }).join(',');
}

export function fromCsv(line: string): Row {
  const cells = line.split(',');
  const text = (column: keyof Row): string => cells[COLUMNS.indexOf(column)] ?? '';
  const number = (column: keyof Row): number => Number(text(column));
  return {
    section: text('section') as Row['section'],
    rps: number('rps'),
    share: number('share'),
    baseRate: number('baseRate'),
    disturbance: text('disturbance') as Row['disturbance'],
    ratio: number('ratio'),
    judge: text('judge'),
    seed: number('seed'),
    runs: number('runs'),
    hits: number('hits'),
    low: number('low'),
    high: number('high'),
    medianSeconds: number('medianSeconds'),
    medianExposed: number('medianExposed'),
    meanExposed: number('meanExposed'),
    referenceSeconds: number('referenceSeconds'),
    lookSeconds: number('lookSeconds'),
    promise: text('promise') as Row['promise'],
  };
}

/** What tells cells apart, so that a run that was cut off goes on where it stopped, but not with another seed. */
export function cellKey(cell: Task | Row): string {
  return [cell.seed, cell.section, cell.rps, cell.share, cell.baseRate, cell.disturbance, cell.ratio].join(
    ' ',
  );
}
