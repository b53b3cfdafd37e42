import { describe, expect, it } from '@jest/globals';
import { readEnvironments } from './environments.ts';

describe('readEnvironments', () => {
  it('reads an environment per line, later files last', () => {
    expect(readEnvironments('\n staging = a.yaml\nproduction=a.yaml, deploy/./b.yaml\n')).toEqual([
      { name: 'staging', files: ['a.yaml'] },
      { name: 'production', files: ['a.yaml', 'deploy/b.yaml'] },
    ]);
  });

  it('names a lone file by itself', () => {
    expect(readEnvironments('deploy/production.values.yaml')).toEqual([
      { name: 'production', files: ['deploy/production.values.yaml'] },
    ]);
  });

  it.each([
    'production=',
    '=a.yaml',
    'a b=c.yaml',
    'x=a.yaml,',
    'x=../out.yaml',
    'x=a.yaml\nx=b.yaml',
    'x=/etc/passwd',
  ])('refuses %j', (text) => {
    expect(() => readEnvironments(text)).toThrow(expect.objectContaining({ code: 'E_CONFIG' }));
  });
});
