import { describe, expect, it } from '@jest/globals';
import { PaymentError, chargeWithRetry, createProvider } from '../src/payments.js';
import { createRandom } from '../src/random.js';

describe('chargeWithRetry', () => {
  const failing = (times, error = new PaymentError('no answer')) => {
    let calls = 0;
    return {
      calls: () => calls,
      charge: async () => {
        calls += 1;
        if (calls <= times) throw error;
        return { receipt: 'r' };
      },
    };
  };

  it('tries again after an attempt without an answer', async () => {
    const provider = failing(1);
    await expect(chargeWithRetry(provider, 100, 2)).resolves.toEqual({ receipt: 'r' });
    expect(provider.calls()).toBe(2);
  });

  it('gives up after the last attempt', async () => {
    const provider = failing(5);
    await expect(chargeWithRetry(provider, 100, 2)).rejects.toThrow('no answer');
    expect(provider.calls()).toBe(2);
  });

  it('does not repeat what is not a payment failure', async () => {
    const provider = failing(1, new TypeError('bug'));
    await expect(chargeWithRetry(provider, 100, 3)).rejects.toThrow('bug');
    expect(provider.calls()).toBe(1);
  });
});

describe('the provider with the default settings', () => {
  const lost = async (attempts) => {
    const provider = createProvider({ failureRate: 0.0316, random: createRandom('pod-a') });
    let count = 0;
    for (let order = 0; order < 100_000; order += 1)
      await chargeWithRetry(provider, 1, attempts).catch(() => (count += 1));
    return count / 100_000;
  };

  it('loses about one checkout in a thousand with a retry', async () => {
    const rate = await lost(2);
    expect(rate).toBeGreaterThan(0.0007);
    expect(rate).toBeLessThan(0.0013);
  });

  it('loses about three in a hundred without', async () => {
    const rate = await lost(1);
    expect(rate).toBeGreaterThan(0.029);
    expect(rate).toBeLessThan(0.034);
  });
});

describe('createRandom', () => {
  const draw = (seed) => {
    const random = createRandom(seed);
    return Array.from({ length: 5 }, random);
  };

  it('repeats itself for the same seed and differs for another', () => {
    expect(draw('pod-a')).toEqual(draw('pod-a'));
    expect(draw('pod-a')).not.toEqual(draw('pod-b'));
  });
});
