import { describe, expect, it } from '@jest/globals';
import { fingerprint } from '../../../toolkit/findings/fingerprint.ts';
import { onlyOldLines } from './only-old-lines.ts';

const today = 'var a;\n  var a;\nvar b;\n';

function left(before: string | undefined): number[] {
  const findings = [1, 2, 3].map((startLine) => ({
    tool: 'eslint',
    rule: 'no-var',
    message: '',
    level: 'error' as const,
    location: { path: 'eslint.config.js', startLine },
  }));
  const read = (): string => today;
  const old = new Map(before === undefined ? [] : [['eslint.config.js', before]]);
  return onlyOldLines(fingerprint(findings, read), old, read).map(
    ({ finding }) => finding.location.startLine,
  );
}

describe('onlyOldLines', () => {
  it.each([
    ['a line that the base had, as often as it had it', '// x\nvar a;\n', [1]],
    ['all of a file that is as it was', today, [1, 2, 3]],
    ['nothing of a new file', '', []],
    ['all of a file that was not brought', undefined, [1, 2, 3]],
  ])('leaves %s', (_, before, lines) => {
    expect(left(before)).toEqual(lines);
  });
});
