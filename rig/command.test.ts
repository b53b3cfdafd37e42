import { describe, expect, it } from '@jest/globals';
import { parseCommand, usualGroups } from './command.ts';

const parts = { argocd: false, flagger: false, rollouts: false };
const parse = (...argv: string[]) =>
  parseCommand(argv, ['cluster', 'istio', 'prometheus', 'checks', 'argocd']);

describe('the command line of the rig', () => {
  it.each([
    [[], { kind: 'start', helm: 4, dir: undefined, bare: false, parts }],
    [['--helm=3', '--dir', 'x'], { kind: 'start', helm: 3, dir: 'x', bare: false, parts }],
    [['--bare'], { kind: 'start', helm: 4, dir: undefined, bare: true, parts }],
    [
      ['--argocd'],
      { kind: 'start', helm: 4, dir: undefined, bare: false, parts: { ...parts, argocd: true } },
    ],
    [['stop'], { kind: 'stop' }],
    [['install'], { kind: 'install', groups: usualGroups }],
    [['install', 'argocd'], { kind: 'install', groups: ['argocd'] }],
    [
      ['publish', 'shop/backend:1', 'folder'],
      { kind: 'publish', reference: 'shop/backend:1', folder: 'folder' },
    ],
  ])('%j', (argv, command) => {
    expect(parse(...argv)).toEqual(command);
  });

  it.each([
    [['start']],
    [['--helm=5']],
    [['--port=1']],
    [['stop', 'all']],
    [['install', 'kitchen']],
    [['publish', 'shop/backend:1']],
  ])('refuses %j in one line', (argv) => {
    const command = parse(...argv);
    expect(command.kind).toBe('refused');
    expect(command).toHaveProperty('reason', expect.stringMatching(/^[^\n]+$/));
  });
});
