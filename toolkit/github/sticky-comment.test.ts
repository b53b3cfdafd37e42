import { describe, expect, it } from '@jest/globals';
import { planStickyComment, type ExistingComment } from './sticky-comment.ts';

const marker = 'story';
const line = '<!-- gated-delivery:story -->';
const bot = (id: number, body: string): ExistingComment => ({
  id,
  body,
  authorType: 'Bot',
  authorAssociation: 'NONE',
});

describe('planStickyComment', () => {
  it('creates the first one, with the marker in front', () => {
    expect(planStickyComment([bot(1, 'hello')], { marker, edit: () => '\ntext\n' })).toEqual({
      kind: 'create',
      body: `${line}\ntext`,
    });
  });

  it.each([`${line}\ntext`, `${line}\r\ntext\r\n`])('leaves %j alone', (body) => {
    expect(planStickyComment([bot(3, body)], { marker, edit: () => 'text' })).toEqual({
      kind: 'unchanged',
      id: 3,
    });
  });

  it('hands over the present text without the marker', () => {
    const seen: string[] = [];
    const edit = (current: string): string => `${seen.push(current)}`;
    planStickyComment([], { marker, edit });
    planStickyComment([bot(1, `${line}\r\nfirst\r\nsecond\r\n`)], { marker, edit });
    expect(seen).toEqual(['', 'first\nsecond']);
  });

  it('updates the oldest of two, so that a doubled comment stays behind instead of both moving', () => {
    const plan = planStickyComment([bot(4, `${line}\nb`), bot(3, `${line}\na`)], { marker, edit: () => 'c' });
    expect(plan).toMatchObject({ kind: 'update', id: 3 });
  });

  it('never takes over the comment of a stranger, but that of a maintainer', () => {
    const by = (authorAssociation: string): ExistingComment => ({
      id: 5,
      body: `${line}\nx`,
      authorType: 'User',
      authorAssociation,
    });
    const kinds = ['NONE', 'CONTRIBUTOR', 'FIRST_TIMER', 'COLLABORATOR', 'MEMBER', 'OWNER'].map(
      (association) => planStickyComment([by(association)], { marker, edit: () => 'y' }).kind,
    );
    expect(kinds).toEqual(['create', 'create', 'create', 'update', 'update', 'update']);
  });

  it('ignores a marker that is only quoted', () => {
    expect(planStickyComment([bot(1, `> ${line}\nquoted`)], { marker, edit: () => 'x' }).kind).toBe('create');
  });

  it('keeps within what GitHub takes', () => {
    const plan = planStickyComment([], { marker, edit: () => 'ü line\n'.repeat(20_000) });
    if (plan.kind !== 'create') throw new Error('expected a new comment');
    expect(new TextEncoder().encode(plan.body).length).toBeLessThanOrEqual(65_536);
    expect(plan.body).toContain('Cut here');
  });

  it.each(['', 'a b', 'x-->', '<b>'])('refuses the marker %j', (wrong) => {
    expect(() => planStickyComment([], { marker: wrong, edit: () => 'x' })).toThrow('cannot mark');
  });
});
