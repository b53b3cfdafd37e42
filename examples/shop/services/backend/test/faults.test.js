import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { readConfig } from '../src/config.js';
import { createFaults } from '../src/faults.js';
import { createRandom } from '../src/random.js';

const make = (env, crash = () => undefined) =>
  createFaults({ faults: readConfig(env).faults, random: createRandom('pod-a'), crash });

afterEach(() => jest.useRealTimers());

describe('faults of a release', () => {
  it('are all absent in a good one', async () => {
    const faults = make({});
    await faults.onRequest();
    for (let i = 0; i < 1000; i += 1) faults.onCheckout();
    expect(faults.keptBytes()).toBe(0);
  });

  it('break the configured share of checkouts', () => {
    const faults = make({ FAULT_ERROR_RATE: '0.03' });
    let errors = 0;
    for (let i = 0; i < 10_000; i += 1)
      try {
        faults.onCheckout();
      } catch {
        errors += 1;
      }
    expect(errors).toBeGreaterThan(240);
    expect(errors).toBeLessThan(360);
  });

  it('keep memory with each request', async () => {
    const faults = make({ FAULT_LEAK_BYTES_PER_REQUEST: '4096' });
    await faults.onRequest();
    await faults.onRequest();
    expect(faults.keptBytes()).toBe(8192);
  });

  it('keep memory with time', () => {
    jest.useFakeTimers();
    const faults = make({ FAULT_LEAK_MIB_PER_MINUTE: '6' });
    faults.start();
    jest.advanceTimersByTime(60_000);
    faults.stop();
    expect(faults.keptBytes() / 1024 / 1024).toBeCloseTo(6, 2);
  });

  it('end the process after a while', () => {
    jest.useFakeTimers();
    const crash = jest.fn();
    const faults = make({ FAULT_CRASH_AFTER_SECONDS: '30' }, crash);
    faults.start();
    jest.advanceTimersByTime(29_000);
    expect(crash).not.toHaveBeenCalled();
    jest.advanceTimersByTime(2_000);
    expect(crash).toHaveBeenCalledTimes(1);
  });

  it('slow requests down', async () => {
    jest.useFakeTimers();
    const faults = make({ FAULT_LATENCY_MS: '200' });
    const done = jest.fn();
    void faults.onRequest().then(done);
    await jest.advanceTimersByTimeAsync(99);
    expect(done).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(201);
    expect(done).toHaveBeenCalled();
  });
});
