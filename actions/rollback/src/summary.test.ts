import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { renderSummary, type RollbackReport, type Row } from './summary.ts';

const row: Row = {
  release: 'backend',
  namespace: 'production',
  from: 5,
  to: 3,
  manifestSha256: 'c0ffee',
  chart: 'backend-1.2.0',
  gitSha: 'a'.repeat(40),
  source: 'verified',
  state: 'done',
  note: 'now revision 6',
  changes: [
    {
      change: 'changed',
      object: 'Deployment/backend',
      key: 'k',
      fields: [
        { path: 'spec.template.spec.containers[app].image', before: '"shop:2"', after: '"shop:1"' },
        { path: 'spec.paused', before: 'true', after: undefined },
      ],
    },
    { change: 'removed', object: 'ConfigMap/new', key: 'l', fields: [] },
    { change: 'added', object: 'ConfigMap/old', key: 'm', fields: [] },
  ],
};
const base: RollbackReport = {
  outcome: 'rolled-back',
  environment: 'production',
  namespace: 'production',
  headline: 'rolled back backend',
  details: '',
  reason: 'the canary failed | <b>its gate</b>',
  rows: [
    row,
    {
      ...row,
      release: 'mongodb',
      from: 0,
      to: 0,
      chart: '',
      gitSha: '',
      state: 'held',
      note: 'it only holds data',
      changes: [],
    },
  ],
};

const golden = (name: string): string =>
  readFileSync(new URL(`__golden__/${name}.md`, import.meta.url), 'utf8');

describe('renderSummary', () => {
  it('tells what went where', () => {
    expect(renderSummary(base)).toBe(golden('rolled-back'));
  });

  it('shows the whole error and what is left', () => {
    const failed: RollbackReport = {
      ...base,
      outcome: 'failed',
      headline: 'E_PARTIAL: rolled back: frontend; left: backend',
      details: 'E_PARTIAL: rolled back: frontend; left: backend\nNext: run it again',
      rows: [{ ...row, state: 'left', note: '', changes: [] }],
    };
    expect(renderSummary(failed)).toBe(golden('failed'));
  });
});
