import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Chapter } from './chapter.ts';
import { headline } from './headline.ts';
import { renderStory } from './render-story.ts';
import { readStoryData, storyData } from './story-data.ts';
import { addChapter, emptyStory, parseChapters, type Story } from './story.ts';

const about = {
  sha: 'a'.repeat(40),
  at: '2026-05-01T10:00:00Z',
  runUrl: 'https://github.com/example/shop/actions/runs/1',
  note: '',
};
const lint = { ...about, subject: 'lint', outcome: 'pass', newCount: 0, totalCount: 12 } as const;
const scan = {
  ...about,
  subject: 'scan',
  outcome: 'findings',
  newCount: 1,
  totalCount: 3,
  note: 'CVE-2026-1 in lodash',
} as const;
const deploy = {
  ...about,
  subject: 'deploy',
  environment: 'production',
  outcome: 'deployed',
  url: 'https://shop.example.com',
} as const;
const gate = {
  ...about,
  subject: 'gate',
  environment: 'production',
  outcome: 'fail',
  note: '3.1 % of checkouts fail, 0.1 % before',
} as const;
const rollback = {
  ...about,
  subject: 'rollback',
  environment: 'production',
  outcome: 'rolled-back',
  note: 'back on revision 3',
} as const;

const tell = (...chapters: Chapter[]): Story => chapters.reduce(addChapter, emptyStory);

const time = fc
  .integer({ min: 0, max: 59 })
  .map((second) => `2026-05-01T10:00:${String(second).padStart(2, '0')}Z`);
const anyAbout = fc.record({
  sha: fc.constantFrom('a'.repeat(40), 'b'.repeat(40)),
  at: time,
  runUrl: fc.constantFrom('', about.runUrl),
  note: fc.string({ maxLength: 40 }).map((text) => text.replaceAll(/\s+/g, ' ').trim()),
});
const environment = fc.constantFrom('dev', 'production');
const anyChapter: fc.Arbitrary<Chapter> = fc.oneof(
  anyAbout.map((a) => ({ ...lint, ...a })),
  anyAbout.map((a) => ({ ...scan, ...a })),
  fc.tuple(anyAbout, environment).map(([a, name]) => ({ ...deploy, ...a, environment: name })),
  fc.tuple(anyAbout, environment).map(([a, name]) => ({ ...gate, ...a, environment: name })),
);

describe('addChapter', () => {
  it('replaces what was said before on the same, and never by what is older', () => {
    const later = {
      ...lint,
      at: '2026-05-01T11:00:00Z',
      outcome: 'findings',
      newCount: 2,
      totalCount: 14,
    } as const;
    expect(tell(lint, later).chapters).toEqual([later]);
    expect(tell(later, lint).chapters).toEqual([later]);
  });

  it('forgets another commit in the same place only', () => {
    const next = { ...lint, sha: 'b'.repeat(40), at: '2026-05-01T11:00:00Z' };
    expect(tell(lint, scan, deploy, next).chapters).toEqual([next, deploy]);
  });

  it('ends the same in whatever order the chapters of one commit arrive, and twice is once', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyChapter, {
          selector: (c) => `${c.subject}${'environment' in c ? c.environment : ''}`,
        }),
        (chapters) => {
          const one = chapters.map((chapter) => ({ ...chapter, sha: about.sha }));
          const story = tell(...one);
          expect(tell(...[...one].reverse())).toEqual(story);
          expect(tell(...one, ...one)).toEqual(story);
          expect(story.chapters).toHaveLength(one.length);
        },
      ),
    );
  });

  it('never tells of two commits in one place', () => {
    fc.assert(
      fc.property(fc.array(anyChapter), (chapters) => {
        const story = tell(...chapters);
        for (const name of ['', 'dev', 'production']) {
          const here = story.chapters.filter(
            (chapter) => ('environment' in chapter ? chapter.environment : '') === name,
          );
          expect(new Set(here.map(({ sha }) => sha)).size).toBeLessThanOrEqual(1);
          expect(new Set(here.map(({ subject }) => subject)).size).toBe(here.length);
        }
      }),
    );
  });
});

describe('the hidden data', () => {
  it('brings every story back from its comment', () => {
    fc.assert(
      fc.property(fc.array(anyChapter), (chapters) => {
        const story = tell(...chapters);
        expect(readStoryData(renderStory(story))).toEqual(story);
      }),
    );
  });

  it('cannot be ended by what it carries', () => {
    const story = tell({ ...gate, note: '--> <script>alert(1)</script> ü' });
    expect(storyData(story).match(/-->/g)).toHaveLength(1);
    expect(renderStory(story)).not.toContain('<script>');
    expect(readStoryData(storyData(story))).toEqual(story);
  });

  it.each([
    '',
    'no data',
    '<!-- data !!! -->',
    '<!-- data bm9uc2Vuc2U= -->',
    `<!-- data ${btoa('[{"subject":"x"}]')} -->`,
  ])('starts afresh from %j', (comment) => {
    expect(readStoryData(comment)).toEqual(emptyStory);
  });
});

describe('parseChapters', () => {
  it.each([
    ['not a list', {}],
    ['an unknown subject', [{ ...lint, subject: 'magic' }]],
    ['an unknown outcome', [{ ...lint, outcome: 'fine' }]],
    ['a commit that is none', [{ ...lint, sha: 'HEAD' }]],
    ['an address that runs code', [{ ...lint, runUrl: 'javascript:alert(1)' }]],
    ['a time that is none', [{ ...lint, at: 'now' }]],
    ['more than a story holds', Array.from({ length: 61 }, () => lint)],
  ])('refuses %s', (_, data) => {
    expect(parseChapters(data)).toBeUndefined();
  });

  it('cuts long notes and folds their lines', () => {
    const [chapter] = parseChapters([{ ...lint, note: ` a\n\nb ${'x'.repeat(1_000)}` }]) ?? [];
    expect(chapter?.note).toHaveLength(500);
    expect(chapter?.note).toMatch(/^a b x+$/);
  });
});

describe('headline', () => {
  it.each<[string, Chapter[]]>([
    ['Nothing was checked.', []],
    ['The checks passed.', [lint]],
    ['Not ready: look at scan.', [lint, scan]],
    ['Deployed to production, not verified yet.', [lint, deploy]],
    ['Delivered to production and verified.', [{ ...deploy, outcome: 'verified' }]],
    [
      'Delivered to dev and verified; deployed to production, not verified yet.',
      [deploy, { ...deploy, environment: 'dev', outcome: 'verified' }],
    ],
    ['The deploy to production failed.', [{ ...deploy, outcome: 'failed' }]],
    ['The gate of production did not pass.', [deploy, gate]],
    ['Rolled back in production. Fix forward: this commit is refused there.', [deploy, gate, rollback]],
    [
      'The rollback of production did not finish: act by hand.',
      [deploy, gate, { ...rollback, outcome: 'partial' }],
    ],
    [
      'Sent back: the delivery to production was rejected. Nothing was deployed there.',
      [lint, { ...about, subject: 'approval', environment: 'production', outcome: 'rejected', by: 'ada' }],
    ],
  ])('%s', (text, chapters) => {
    expect(headline(tell(...chapters))).toBe(text);
  });
});

describe('renderStory', () => {
  const golden = (name: string): string =>
    readFileSync(new URL(`__golden__/${name}.md`, import.meta.url), 'utf8');
  const visible = (story: Story): string => renderStory(story).replace(/<!-- data .* -->/, '<!-- data -->');

  it('tells of a change that is ready', () => {
    expect(`${visible(tell(lint, { ...scan, outcome: 'pass', newCount: 0, note: '' }))}\n`).toBe(
      golden('ready'),
    );
  });

  it('tells of a change that was caught and rolled back', () => {
    const dev = { ...deploy, environment: 'dev', outcome: 'verified' } as const;
    expect(`${visible(tell(lint, scan, dev, deploy, gate, rollback))}\n`).toBe(golden('rolled-back'));
  });

  it('lets no text of others become markup', () => {
    const note = '| </td> [x](javascript:y) @team `code` <b>';
    const hostile = { ...deploy, environment: '`x`|<i>', url: 'https://a.example/<>)|', note } as const;
    expect(`${visible(tell(hostile))}\n`).toBe(golden('hostile'));
  });
});
