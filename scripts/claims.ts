import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './action-metadata.ts';

/** One number of the README: in the table of a page, the row that starts like this and the column of that name. */
interface Figure {
  readonly page: string;
  readonly row: string;
  readonly column: string;
}

interface Claim {
  readonly claim: string;
  readonly ours: Figure;
  /** What it is held against, measured in the same run. */
  readonly beside?: Figure & { readonly name: string };
}

const grid = (row: string, column = 'measured'): Figure => ({ page: 'canary-grid.md', row, column });

const claims: readonly Claim[] = [
  {
    claim: 'a healthy canary is failed (α = 1 %)',
    ours: grid('gate-fail', 'stops a healthy canary'),
    beside: {
      ...grid('argo-1.5x', 'stops a healthy canary'),
      name: 'a rule of 1.5 times stable, by turns of 5 min',
    },
  },
  {
    claim: 'a canary twice as bad is promoted, at the edge of the margin (at most 5 %)',
    ours: grid('false promotions ≤ 5 % at the margin'),
  },
  {
    claim: 'delay, in times of the least that any test could need',
    ours: grid('median delay ≤ 1.25 × bound on average'),
  },
  {
    claim: 'a rollback serves the good version after (s, Helm 4)',
    ours: { page: 'rollback.md', row: 'helm 4 rollback action', column: 'serving after (s)' },
    beside: {
      page: 'rollback.md',
      row: 'helm 4 `helm rollback api 1`',
      column: 'serving after (s)',
      name: 'a bare `helm rollback`, which proves nothing',
    },
  },
  {
    claim: 'processor time to start the largest action, in times of `node -e 0`',
    ours: { page: 'start.md', row: 'scan', column: 'times `node -e 0`' },
  },
];

/** The README's table of what was measured, from the pages that the benchmarks write. */
export function claimsTable(read = readPage): string {
  const rows = claims.map(({ claim, ours, beside }) => {
    const other = beside === undefined ? '' : `${figure(read, beside)} (${beside.name})`;
    return `| ${claim} | ${figure(read, ours)} | ${other} | [${ours.page}](docs/benchmarks/${ours.page}) |`;
  });
  return ['| measured | here | beside it | page |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function figure(read: (page: string) => string, { page, row, column }: Figure): string {
  let head: string[] = [];
  for (const line of read(page).split('\n')) {
    if (!line.startsWith('|')) head = [];
    else if (head.length === 0) head = cellsOf(line);
    else {
      const cells = cellsOf(line);
      const at = head.indexOf(column);
      const value = cells[at];
      if (at >= 0 && cells.join(' ').trim().startsWith(row) && value !== undefined) return value;
    }
  }
  throw new Error(`docs/benchmarks/${page} has no row '${row}' with a column '${column}'`);
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\|/, '')
    .replace(/\|\s*$/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

function readPage(page: string): string {
  return readFileSync(join(root, 'docs/benchmarks', page), 'utf8');
}
