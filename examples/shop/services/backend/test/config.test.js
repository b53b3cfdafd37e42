import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../src/config.js';

describe('readConfig', () => {
  it('has a complete default', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      payments: { failureRate: 0.0316, attempts: 2 },
      faults: {
        errorRate: 0,
        latencyMs: 0,
        leakBytesPerRequest: 0,
        leakMiBPerMinute: 0,
        crashAfterSeconds: 0,
      },
    });
  });

  it.each([
    ['FAULT_ERROR_RATE', '3%', 'FAULT_ERROR_RATE must be a number from 0 to 1, not "3%"'],
    ['FAULT_ERROR_RATE', '3', 'FAULT_ERROR_RATE must be a number from 0 to 1, not "3"'],
    ['PAYMENTS_ATTEMPTS', '0', 'PAYMENTS_ATTEMPTS must be an integer from 1 to 5, not "0"'],
    ['PORT', '80.5', 'PORT must be an integer from 0 to 65535, not "80.5"'],
  ])('refuses %s=%s', (name, value, message) => {
    expect(() => readConfig({ [name]: value })).toThrow(message);
  });

  it('takes an empty variable as absent', () => {
    expect(readConfig({ PORT: '', SHOP_VERSION: '' })).toMatchObject({ port: 3000, version: 'dev' });
  });
});
