import { describe, expect, it } from '@jest/globals';
import { UserError } from '../../../toolkit/action/errors.ts';
import { readGitHubContext } from '../../../toolkit/action/github-context.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { fakeGitHub } from '../../../toolkit/github/fake-github.ts';
import { asDeployment, closeDeployment } from './github-deployment.ts';

function setting() {
  const saved = new Map<string, string>();
  const warnings: string[] = [];
  const silent = (): void => undefined;
  const ports: Pick<ActionPorts, 'github' | 'log' | 'state'> = {
    github: readGitHubContext({ GITHUB_SHA: 'a'.repeat(40), GITHUB_REPOSITORY: 'o/r', GITHUB_RUN_ID: '7' }),
    state: {
      save: (name, value) => {
        saved.set(name, value);
      },
      get: (name) => saved.get(name) ?? '',
    },
    log: {
      info: silent,
      notice: silent,
      warning: (message) => {
        warnings.push(message);
      },
      error: silent,
      debug: silent,
      raw: silent,
      group: (_, body) => body(),
    },
  };
  const target = { environment: 'production', gate: 'required', preview: false, url: 'https://a.b' } as const;
  return { ports, target, warnings, github: fakeGitHub() };
}
const states = (github: ReturnType<typeof fakeGitHub>): unknown[] =>
  github.deployments.map(({ statuses }) => statuses.map(({ state }) => state));

describe('asDeployment', () => {
  it('tells how it went and where it runs', async () => {
    const { ports, target, github } = setting();
    expect(await asDeployment(ports, github, target, () => Promise.resolve('done'))).toBe('done');
    expect(github.deployments).toMatchObject([
      { ref: 'a'.repeat(40), environment: 'production', production: true, transient: false },
    ]);
    expect(states(github)).toEqual([['in_progress', 'success']]);
    expect(github.deployments[0]?.statuses[1]).toMatchObject({ environmentUrl: target.url });
    await closeDeployment(ports, github);
    expect(states(github)).toEqual([['in_progress', 'success']]);
  });

  it('fails with the deploy', async () => {
    const { ports, target, github } = setting();
    const failing = asDeployment(ports, github, target, () =>
      Promise.reject(new UserError('E_LOCKED', 'locked', 'wait')),
    );
    await expect(failing).rejects.toMatchObject({ code: 'E_LOCKED' });
    expect(github.deployments[0]?.statuses.at(-1)).toMatchObject({
      state: 'failure',
      description: 'E_LOCKED: see the run',
    });
  });

  it('is closed in the post step when its end could not be told', async () => {
    const { ports, target, github, warnings } = setting();
    await asDeployment(ports, github, target, () => {
      github.failure = new Error('no connection');
      return Promise.resolve();
    });
    expect(warnings.join()).toContain('no connection');
    github.failure = undefined;
    await closeDeployment(ports, github);
    expect(states(github)).toEqual([['in_progress', 'error']]);
  });

  it('does not begin where it may not be made', async () => {
    const { ports, target, github } = setting();
    github.failure = new Error('deployments: write is missing');
    let hasBegun = false;
    const refused = asDeployment(ports, github, target, async () => {
      hasBegun = true;
    });
    await expect(refused).rejects.toThrow('is missing');
    expect(hasBegun).toBe(false);
  });
});
