import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSecrets } from './secrets.ts';

describe('hiding secrets', () => {
  it('leaves none of them in a text, whichever is part of another', () => {
    const secret = fc.stringMatching(/^[a-z"\\\n]{3,12}$/);
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1 }), fc.string(), (all, between) => {
        const secrets = createSecrets();
        all.forEach(secrets.add);
        const hidden = secrets.hide([between, ...all, JSON.stringify(all)].join('|'));
        for (const one of all) expect(hidden).not.toContain(one);
      }),
    );
  });

  it('leaves other text alone', () => {
    const secrets = createSecrets();
    secrets.add('ab');
    secrets.add('token-1');
    expect(secrets.hide('about token-2 and token-1')).toBe('about token-2 and ***');
  });
});
