/** What has to stay linear, each as a function of the number of things it is given. */
import { applyFixes } from '../../actions/lint/src/fixes/apply-fixes.ts';
import { parseUnifiedDiff } from '../../actions/lint/src/linters/unified-diff.ts';
import type { Finding } from '../../toolkit/findings/finding.ts';
import { fingerprint } from '../../toolkit/findings/fingerprint.ts';
import { markdownReport } from '../../toolkit/findings/markdown-report.ts';
import { buildReport } from '../../toolkit/findings/report.ts';
import { inlineCode } from '../../toolkit/summary/markdown.ts';

export interface Subject {
  readonly name: string;
  /** Builds what is given to it, which is not measured; returns the work. */
  readonly prepare: (size: number) => () => unknown;
}

const line = (index: number): string => `const value${index} = ${index};`;

function findings(size: number): Finding[] {
  return Array.from({ length: size }, (_, index): Finding => ({
    ...{ tool: 'eslint', rule: `rule-${index % 50}`, message: `finding ${index}`, level: 'error' },
    location: { path: `src/file-${index % 100}.js`, startLine: 1 + Math.floor(index / 100) },
  }));
}

const policy = { failing: new Set(['error'] as const), newOnly: true };

export const subjects: readonly Subject[] = [
  {
    name: 'fingerprints, report and its Markdown',
    prepare: (size) => {
      const today = findings(size);
      const source = Array.from({ length: Math.ceil(size / 100) }, (_, index) => line(index)).join('\n');
      return () => {
        const known = fingerprint(today, () => source);
        const baseline = { kind: 'compared' as const, base: 'a', findings: known.slice(0, size / 2) };
        const report = buildReport('lint', { results: [], findings: known, baseline }, policy);
        return markdownReport(report, { title: 'lint', bytes: 850_000 });
      };
    },
  },
  {
    name: 'old findings that share one line',
    prepare: (size) => {
      const all = findings(size).map((finding, index) => ({
        ...{ finding, id: `now-${index}`, lineId: 'same', partial: {} },
      }));
      const old = all.map((item, index) => ({ ...item, id: `old-${index}` }));
      const baseline = { kind: 'compared' as const, base: 'a', findings: old };
      return () => buildReport('lint', { results: [], findings: all, baseline }, policy);
    },
  },
  {
    name: 'fixes of one file',
    prepare: (size) => {
      const text = 'ab'.repeat(size);
      const fixes = Array.from({ length: size }, (_, index) => ({
        edits: [{ from: 2 * index, to: 2 * index + 1, text: 'c' }],
      }));
      return () => applyFixes(text, fixes);
    },
  },
  {
    name: 'unified diff of many files',
    prepare: (size) => {
      const one = (index: number): string => `--- a${index}\n+++ a${index}\n@@ -1 +1 @@\n-a\n+b\n`;
      const text = Array.from({ length: size }, (_, index) => one(index)).join('');
      return () => parseUnifiedDiff(text);
    },
  },
  {
    name: 'runs of backticks in code',
    prepare: (size) => {
      const text = '`a'.repeat(size);
      return () => inlineCode(text);
    },
  },
];
