import { describe, expect, it } from '@jest/globals';
import { fakeGitHub } from '../github/fake-github.ts';
import { buildReport } from './report.ts';
import { findingsChapter, tellVerdict } from './tell-verdict.ts';

const about = {
  subject: 'lint',
  sha: 'a'.repeat(40),
  at: '2026-11-24T03:00:00Z',
  runUrl: 'https://github.com/example/shop/actions/runs/1',
} as const;

function report(message: string): ReturnType<typeof buildReport> {
  const broke = { tool: 'eslint', target: '.', status: 'tool-error', message, detail: '' } as const;
  const baseline = { kind: 'none', reason: 'none' } as const;
  return buildReport(
    'lint',
    { results: [broke], findings: [], baseline },
    { failing: new Set(), newOnly: false },
  );
}

describe('tellVerdict', () => {
  it('leaves the comment alone when a later run says the same of the same commit', async () => {
    const github = fakeGitHub();
    const chapter = findingsChapter(report('two\n  lines  '), about);
    const later = { ...chapter, at: '2026-11-24T04:00:00Z', runUrl: `${about.runUrl}2` };
    expect(await tellVerdict(github, 7, chapter)).toBe('created');
    expect(await tellVerdict(github, 7, later)).toBe('unchanged');
    expect(github.comments.get('7/story')).toContain('two lines');
    const other = findingsChapter(report('something else'), { ...about, at: later.at });
    expect(await tellVerdict(github, 7, other)).toBe('updated');
    expect(github.comments.get('7/story')).not.toContain('two lines');
  });
});
