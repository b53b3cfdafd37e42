import { describe, expect, it } from '@jest/globals';
import { readGitHubContext } from '../../../toolkit/action/github-context.ts';
import { parseEntries } from '../../../toolkit/environments/parse-entries.ts';
import { locate } from './place.ts';

const map = parseEntries(
  `- {branch: main, environment: production, namespace: production, gate: required}
- {branch: develop, environment: dev, namespace: dev}`,
  'environments',
);
const push = readGitHubContext({ GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/develop' });
const manual = readGitHubContext({ GITHUB_EVENT_NAME: 'workflow_dispatch', GITHUB_REF: 'refs/heads/main' });
const nothing = { environment: '', namespace: '', dryRun: undefined, confirm: '' };

describe('locate', () => {
  it('takes the environment of the branch', () => {
    expect(locate(nothing, map, push)).toEqual({
      environment: 'dev',
      namespace: 'dev',
      isManual: false,
      isDryRun: false,
    });
  });

  it('only previews a manual rollback of a gated environment unless told otherwise', () => {
    expect(locate({ ...nothing, environment: 'production' }, map, manual).isDryRun).toBe(true);
    expect(locate({ ...nothing, environment: 'production' }, map, push).isDryRun).toBe(false);
  });

  it.each([
    [{ environment: 'production', dryRun: false }, /needs 'confirm: production'/],
    [{ environment: 'production', dryRun: false, confirm: 'prod' }, /'confirm' is 'prod'/],
    [{ environment: 'dev' }, /needs 'confirm: dev'/],
    [{ environment: 'dev', namespace: 'production', confirm: 'dev' }, /environment dev has dev/],
    [{ environment: 'nowhere' }, /no entry .* is named nowhere/],
  ])('refuses %j', (change, problem) => {
    expect(() => locate({ ...nothing, ...change }, map, manual)).toThrow(problem);
  });

  it('goes on when the name is confirmed', () => {
    const place = locate(
      { ...nothing, environment: 'production', dryRun: false, confirm: 'production' },
      map,
      manual,
    );
    expect(place).toMatchObject({ namespace: 'production', isDryRun: false });
  });

  it.each(['default', 'kube-system', 'Shop', ''])('refuses namespace %j without a map', (namespace) => {
    expect(() => locate({ ...nothing, namespace }, undefined, push)).toThrow(
      /not a namespace of an application/,
    );
  });
});
