import { describe, expect, it } from '@jest/globals';
import type { Judged } from '../findings/judged.ts';
import type { Ran } from '../findings/tool-result.ts';
import { pathToUri, toSarif } from './write-sarif.ts';

function findings(count: number, state: Judged['state'] = 'unchanged'): Judged[] {
  return Array.from({ length: count }, (_, index) => ({
    finding: {
      tool: 'eslint',
      rule: `rule-${index % 3}`,
      message: `message ${index}`,
      level: 'warning',
      location: { path: 'a.js', startLine: index + 1 },
    },
    id: String(index),
    lineId: undefined,
    partial: { 'gated-delivery/lint/v1': String(index) },
    state,
  }));
}

const ran: Ran = { tool: 'eslint', target: '.', status: 'ran', version: '10.0.0', findings: [] };
const options = { category: 'lint/eslint', compared: true };

describe('toSarif', () => {
  it('holds an empty list of results when clean, for that closes old alerts', () => {
    expect(toSarif(ran, [], options).runs[0]?.results).toEqual([]);
  });

  it('keeps 5,000 of 5,001 results, new ones first, and says what was cut', () => {
    const run = toSarif(ran, [...findings(5_000), ...findings(1, 'new')], options).runs[0];
    expect(run?.results).toHaveLength(5_000);
    expect(run?.results[0]?.baselineState).toBe('new');
    expect(run?.invocations[0]?.toolExecutionNotifications?.[0]?.message.text).toMatch(/^1 of 5001 results/);
  });

  it('claims no baseline state when there was no baseline', () => {
    const run = toSarif(ran, findings(1), { ...options, compared: false }).runs[0];
    expect(run?.results[0]).not.toHaveProperty('baselineState');
  });

  it('points each result at its rule', () => {
    const run = toSarif(ran, findings(7), options).runs[0];
    for (const result of run?.results ?? []) {
      expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
    }
  });

  it('keeps a waived finding as a suppressed result', () => {
    const waiver = { id: 'rule-0', reason: 'generated code', expires: '2027-01-01', origin: 'waivers.yaml' };
    const run = toSarif(ran, [{ ...findings(1)[0]!, waiver }], options).runs[0];
    expect(run?.results[0]?.suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: 'generated code' },
    ]);
  });
});

describe('pathToUri', () => {
  it.each([
    ['src/a.js', 'src/a.js'],
    ['a b.js', 'a%20b.js'],
    ['nl\nname.js', 'nl%0Aname.js'],
    ['ü.js', '%C3%BC.js'],
    ['what?#.js', 'what%3F%23.js'],
  ])('writes %j as %j', (path, uri) => {
    expect(pathToUri(path)).toBe(uri);
    expect(decodeURIComponent(pathToUri(path))).toBe(path);
  });
});
