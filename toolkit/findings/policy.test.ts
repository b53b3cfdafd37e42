import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { severities, type Finding, type Severity } from './finding.ts';
import type { Judged } from './judged.ts';
import { crossing, decide, describeVerdict, failingLevels, failingSeverities } from './policy.ts';
import type { ToolResult } from './tool-result.ts';

function judged(over: Partial<Finding>, state: Judged['state'] = 'new'): Judged {
  const finding: Finding = {
    tool: 't',
    rule: 'r',
    message: 'm',
    level: 'error',
    location: { path: 'a', startLine: 1 },
    ...over,
  };
  return { finding, id: 'i', lineId: undefined, partial: {}, state };
}

const ran: ToolResult = { tool: 'a', target: '.', status: 'ran', version: '1', findings: [] };
const broke: ToolResult = { tool: 'b', target: '.', status: 'tool-error', message: 'no', detail: '' };
const skipped: ToolResult = { tool: 'c', target: '.', status: 'skipped', reason: 'no token' };
const errors = { failing: failingLevels('error'), newOnly: true };

describe('decide', () => {
  it('passes when everything ran and nothing new crosses', () => {
    expect(decide([ran], [judged({}, 'unchanged')], errors)).toEqual({ kind: 'pass' });
  });

  it('never lets a broken tool pass, nor calls it findings', () => {
    const verdict = decide([ran, broke], [judged({})], errors);
    expect(verdict).toEqual({ kind: 'tool-error', broken: [broke], alsoFindings: 1 });
    expect(describeVerdict(verdict)).toContain('b: no');
  });

  it('is skipped only when nothing ran', () => {
    expect(decide([skipped], [], errors)).toEqual({ kind: 'skipped', skipped: [skipped] });
    expect(decide([skipped, ran], [], errors)).toEqual({ kind: 'pass' });
    expect(decide([skipped, broke], [], errors).kind).toBe('tool-error');
  });

  it('counts warnings against their limit, new ones only when asked so', () => {
    const warnings = [judged({ level: 'warning' }), judged({ level: 'warning' }, 'unchanged')];
    expect(decide([ran], warnings, { ...errors, maxWarnings: 1 }).kind).toBe('pass');
    expect(decide([ran], warnings, { ...errors, newOnly: false, maxWarnings: 1 }).kind).toBe('findings');
    expect(decide([ran], warnings, { ...errors, maxWarnings: 0 }).kind).toBe('findings');
  });

  it('lets a waived finding through', () => {
    const waiver = { id: 'r', reason: 'x', expires: '2027-01-01', origin: 'w' };
    expect(decide([ran], [{ ...judged({}), waiver }], errors).kind).toBe('pass');
  });
});

describe('thresholds', () => {
  it('hold every severity from the named one up, and an unknown one from medium on', () => {
    expect([...failingSeverities('critical')]).toEqual(['critical']);
    expect([...failingSeverities('high')]).toEqual(['critical', 'high']);
    expect([...failingSeverities('medium')].sort()).toEqual(['critical', 'high', 'medium', 'unknown']);
    expect([...failingSeverities('low')].sort()).toEqual(['critical', 'high', 'low', 'medium', 'unknown']);
    expect([...failingSeverities('none')]).toEqual([]);
  });

  it('let fewer findings through the lower they are', () => {
    const order = ['none', 'critical', 'high', 'medium', 'low'] as const;
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Severity>(...severities)), (found) => {
        const findings = found.map((severity) => judged({ severity }));
        const counts = order.map(
          (threshold) => crossing(findings, { failing: failingSeverities(threshold), newOnly: true }).length,
        );
        expect(counts).toEqual([...counts].sort((a, b) => a - b));
        expect(counts[0]).toBe(0);
        expect(counts.at(-1)).toBe(findings.length);
      }),
    );
  });
});
