import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compare } from './baseline.ts';
import type { Finding } from './finding.ts';
import { fingerprint, type Fingerprinted } from './fingerprint.ts';

/** A linter that reports every line that contains `bad`. */
function findBad(path: string, text: string): Finding[] {
  return text.split('\n').flatMap((line, index) =>
    line.includes('bad')
      ? [
          {
            tool: 'toy',
            rule: 'no-bad',
            message: 'bad',
            level: 'error' as const,
            location: { path, startLine: index + 1 },
          },
        ]
      : [],
  );
}

function look(path: string, text: string, pathNow?: (path: string) => string): Fingerprinted[] {
  return fingerprint(findBad(path, text), () => text, pathNow);
}

function states(head: Fingerprinted[], base: Fingerprinted[]): string[] {
  return compare(head, { kind: 'compared', base: 'abc', findings: base }).head.map((item) => item.state);
}

describe('a finding against its baseline', () => {
  const before = 'one\n  bad();\nthree\n';

  it('stays old when lines are added above it', () => {
    expect(states(look('a.js', `// new\n\n\n${before}`), look('a.js', before))).toEqual(['unchanged']);
  });

  it('stays old when it is indented anew', () => {
    expect(states(look('a.js', 'one\n\t\tbad();\nthree\n'), look('a.js', before))).toEqual(['unchanged']);
  });

  it('stays old when the line above or below is edited', () => {
    expect(states(look('a.js', 'ONE\n  bad();\nTHREE\n'), look('a.js', before))).toEqual(['unchanged']);
  });

  it('stays old when the file is renamed', () => {
    const base = look('a.js', before, (path) => (path === 'a.js' ? 'b.js' : path));
    expect(states(look('b.js', before), base)).toEqual(['unchanged']);
  });

  it('is new in another file without a rename', () => {
    expect(states(look('b.js', before), look('a.js', before))).toEqual(['new']);
  });

  it('is new when the identical line is written a second time', () => {
    expect(states(look('a.js', `${before}${before}`), look('a.js', before)).sort()).toEqual([
      'new',
      'unchanged',
    ]);
  });

  it('is new without a baseline', () => {
    const compared = compare(look('a.js', before), { kind: 'none', reason: 'shallow' });
    expect(compared.head.map((item) => item.state)).toEqual(['new']);
  });

  it('is old as often as it was there, wherever the lines went', () => {
    const line = fc.constantFrom('bad();', 'good();', 'bad(1);', '');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.array(line, { maxLength: 12 }), (old, now) => {
        const result = states(look('a.js', now.join('\n')), look('a.js', old.join('\n')));
        let expected = 0;
        for (const text of ['bad();', 'bad(1);']) {
          const count = (lines: string[]): number => lines.filter((item) => item === text).length;
          expected += Math.min(count(old), count(now));
        }
        expect(result.filter((state) => state === 'unchanged')).toHaveLength(expected);
      }),
    );
  });

  it('lists what is gone as fixed', () => {
    const compared = compare(look('a.js', 'one\n'), {
      kind: 'compared',
      base: 'abc',
      findings: look('a.js', before),
    });
    expect(compared.fixed).toHaveLength(1);
  });
});

describe('the identity of a vulnerability', () => {
  const vulnerable = (installed: string, line: number): Finding => ({
    tool: 'trivy-vuln',
    rule: 'CVE-2026-1',
    message: 'x',
    level: 'error',
    severity: 'high',
    location: { path: 'package-lock.json', startLine: line },
    vulnerability: { id: 'CVE-2026-1', aliases: [], purl: 'pkg:npm/a', installed, role: 'package-lock.json' },
  });

  it('does not hold the version or the line', () => {
    const [old] = fingerprint([vulnerable('1.0.0', 3)], () => undefined);
    const [now] = fingerprint([vulnerable('1.0.1', 9)], () => undefined);
    expect(now?.id).toBe(old?.id);
    expect(now?.partial).toEqual({ 'gated-delivery/vuln/v1': old?.id });
  });
});
