import { describe, expect, it } from '@jest/globals';
import { changelogSection, versionProblem } from './changelog.ts';

const changelog =
  '# Changelog\n\n## Unreleased\n\n- soon\n\n## [1.2.0] - 2026-05-01\n\n- new\n\n## 1.1.0\n\n- old\n';

describe('changelogSection', () => {
  it.each([
    ['1.2.0', '- new'],
    ['1.1.0', '- old'],
    ['1.2', undefined],
    ['2.0.0', undefined],
  ])('%s', (version, text) => {
    expect(changelogSection(changelog, version)).toBe(text);
  });
});

describe('versionProblem', () => {
  it.each([
    ['1.2.0', '1.2.0', undefined],
    ['v1.2.0', '1.2.0', 'no version'],
    ['1.2.0', '1.1.0', 'package.json'],
    ['2.0.0', '2.0.0', 'CHANGELOG.md'],
  ])('%s with package.json at %s', (version, packageVersion, problem) => {
    const found = versionProblem(version, { packageVersion, changelog });
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });
});
