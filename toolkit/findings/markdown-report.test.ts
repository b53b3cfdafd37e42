import { describe, expect, it } from '@jest/globals';
import { fingerprint } from './fingerprint.ts';
import type { Finding } from './finding.ts';
import { markdownReport } from './markdown-report.ts';
import { buildReport } from './report.ts';

const policy = { failing: new Set(['error'] as const), newOnly: false };

function report(errors: number, warnings = 0, message = 'm') {
  const findings = Array.from({ length: errors + warnings }, (_, index): Finding => {
    const level = index < errors ? 'error' : 'warning';
    return { tool: 'x', rule: `rule-${index}`, message, level, location: { path: 'ü.js', startLine: 1 } };
  });
  const broke = {
    tool: 'y',
    target: '.',
    status: 'tool-error',
    message: 'died',
    detail: 'its words',
  } as const;
  const ran = { tool: 'x', target: '.', status: 'ran', version: '1', findings } as const;
  return buildReport(
    'lint',
    {
      results: [ran, broke],
      findings: fingerprint(findings, () => undefined),
      baseline: { kind: 'compared', base: 'b'.repeat(40), findings: [] },
    },
    policy,
  );
}

const rows = (text: string): number => text.match(/^\| (error|warning) /gm)?.length ?? 0;

describe('markdownReport', () => {
  it('tells about the tools before the findings', () => {
    const text = markdownReport(report(1), { title: 'lint', bytes: 850_000 });
    expect(text.indexOf('tool error: died')).toBeLessThan(text.indexOf('### Fails the gate'));
  });

  it('lists every finding that there is room for', () => {
    const text = markdownReport(report(5_001), { title: 'lint', bytes: 850_000 });
    expect(rows(text)).toBe(5_001);
    expect(text).not.toContain('Showing');
  });

  it.each([2_000, 20_000, 850_000])(
    'stays within %i bytes, says how many are shown and ends whole',
    (bytes) => {
      const text = markdownReport(report(3_000, 3_000, 'ü'.repeat(400)), { title: 'lint', bytes });
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bytes);
      const [errors, warnings] = [...text.matchAll(/Showing (\d+) of 3000; the JSON/g)].map((match) =>
        Number(match[1]),
      );
      expect(rows(text)).toBe((errors ?? NaN) + (warnings ?? NaN));
      expect(warnings).toBe(0);
      if (bytes > 2_000) expect(Buffer.byteLength(text)).toBeGreaterThan(bytes - 3_000);
      expect(text).toContain('its words');
    },
  );
});
