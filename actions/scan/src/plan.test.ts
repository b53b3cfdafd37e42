import { describe, expect, it } from '@jest/globals';
import { silentLog } from '../../../toolkit/action/silent-log.ts';
import { fakeChangePorts } from '../../../toolkit/findings/fake-change-ports.ts';
import { fakeGitHub } from '../../../toolkit/github/fake-github.ts';
import { planComparison } from './plan.ts';

const base = 'b'.repeat(40);
const inputs = { newOnly: 'auto', base: '', waivers: [] } as const;

function ports(hasCommit: boolean) {
  const api = fakeGitHub();
  api.files.set(7, [{ path: 'new.js', status: 'renamed', previousPath: 'old.js' }]);
  return { ...fakeChangePorts(base, hasCommit, api), log: silentLog };
}

describe('planComparison', () => {
  it('asks GitHub for the merge base where the history cannot be fetched', async () => {
    expect(await planComparison(inputs, ports(true))).toEqual({
      newOnly: true,
      change: { kind: 'known', base, files: [{ path: 'new.js', from: 'old.js', status: 'renamed' }] },
    });
  });

  it('is an error where the base itself cannot be had, because all of it is scanned', async () => {
    await expect(planComparison(inputs, ports(false))).rejects.toMatchObject({
      code: 'E_NO_BASE',
      message: expect.stringContaining(`${base} cannot be fetched`),
    });
  });

  it('does not ask where the base was named', async () => {
    await expect(planComparison({ ...inputs, base: 'main' }, ports(true))).rejects.toMatchObject({
      code: 'E_NO_BASE',
    });
  });
});
