import { describe, expect, it } from '@jest/globals';
import { readToolsLock } from './install/tools-lock.ts';
import { clientTools, neededTools } from './rig-tools.ts';

describe('the tools of a rig', () => {
  it('are all in tools.lock, whatever its parts', () => {
    const known = new Set(readToolsLock().map(({ name }) => name));
    const needed = neededTools({
      helm: 3,
      istio: true,
      prometheus: true,
      argocd: true,
      flagger: true,
      rollouts: true,
    });
    expect(needed.filter((name) => !known.has(name))).toEqual([]);
  });

  it('hold the Helm that was asked for, and no more parts than asked for', () => {
    const bare = { istio: false, prometheus: false, argocd: false, flagger: false, rollouts: false };
    expect(clientTools({ helm: 3, ...bare }).helm).toBe('helm3');
    expect(clientTools({ helm: 4, ...bare }).helm).toBe('helm');
    expect(neededTools({ helm: 4, ...bare })).not.toContain('envoy');
  });
});
