import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requireCommit, stampReferences } from './stamp.ts';

const stamp = { repository: 'owner/gated-delivery', ref: '0123456789abcdef0123456789abcdef01234567' };
const at = `@${stamp.ref}`;

describe('stampReferences', () => {
  it.each([
    ['      - uses: $/actions/lint', `      - uses: owner/gated-delivery/actions/lint${at}`],
    [
      '        uses: $/actions/lint # checks',
      `        uses: owner/gated-delivery/actions/lint${at} # checks`,
    ],
    ["      - uses: '$/actions/scan'", `      - uses: owner/gated-delivery/actions/scan${at}`],
    [
      '    uses: $/.github/workflows/deploy.yml',
      `    uses: owner/gated-delivery/.github/workflows/deploy.yml${at}`,
    ],
    [
      '    uses: ./.github/workflows/deploy.yml',
      `    uses: owner/gated-delivery/.github/workflows/deploy.yml${at}`,
    ],
  ])('%s', (line, expected) => {
    expect(stampReferences(`jobs:\n${line}\n`, stamp)).toBe(`jobs:\n${expected}\n`);
  });

  it.each([
    '      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0',
    '      - uses: ./local-action',
    '      # uses: $/actions/lint is the short form',
    '      - run: echo "$/actions/lint"',
    '          path: $/actions/lint',
  ])('leaves alone: %s', (line) => {
    expect(stampReferences(line, stamp)).toBe(line);
  });

  it('refuses a reference it cannot stamp instead of shipping it', () => {
    expect(() => stampReferences('a:\n  - { uses: $/actions/lint }', stamp)).toThrow(
      'line 2 cannot be stamped',
    );
  });

  it('names called workflows by a commit of their own', () => {
    const lines = ['      - uses: $/actions/lint', '    uses: $/.github/workflows/deploy.yml'];
    const stamped = stampReferences(lines.join('\n'), { ...stamp, workflowRef: 'b'.repeat(40) });
    expect(stamped).toContain(`actions/lint${at}`);
    expect(stamped).toContain(`deploy.yml@${'b'.repeat(40)}`);
  });

  it('leaves the queue of deploys out where a server does not know it, and nothing else', () => {
    const lines = [
      '    concurrency:',
      '      group: a',
      '      queue: max',
      '      cancel-in-progress: false',
    ];
    const text = [...lines, '      # queue: max', '      - run: echo queue: max'].join('\n');
    expect(stampReferences(text, stamp)).toBe(text);
    const stamped = stampReferences(text, { ...stamp, withoutQueue: true });
    expect(stamped).toBe(text.replace('      queue: max\n', ''));
  });

  it('leaves nothing to do for a second pass', () => {
    const line = fc.oneof(
      fc.constantFrom('      - uses: $/actions/a', '    uses: ./.github/workflows/b.yml', 'on: push'),
      fc.string().filter((text) => !text.includes('uses:')),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const once = stampReferences(lines.join('\n'), stamp);
        expect(stampReferences(once, stamp)).toBe(once);
      }),
    );
  });
});

describe('requireCommit', () => {
  it.each(['v1', 'main', '0123456', `${stamp.ref.slice(1)}G`, ''])('refuses %j', (ref) => {
    expect(() => requireCommit(ref)).toThrow('no full commit SHA');
  });
  it('takes a full SHA', () => {
    expect(requireCommit(stamp.ref)).toBe(stamp.ref);
  });
});
