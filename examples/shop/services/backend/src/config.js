import { createSettings } from '@shop/service-kit';

/** Everything the backend is told from outside, checked once: a process with a bad setting does not start. */
export function readConfig(env) {
  const settings = createSettings(env);
  const rate = { min: 0, max: 1 };

  return {
    host: settings.text('HOST', '127.0.0.1'),
    port: settings.number('PORT', 3000, { max: 65_535, integer: true }),
    version: settings.text('SHOP_VERSION', 'dev'),
    track: settings.text('SHOP_TRACK', 'stable'),
    pod: settings.text('POD_NAME', 'local'),
    currency: settings.text('SHOP_CURRENCY', 'EUR'),
    drainMs: settings.number('DRAIN_MS', 1000),
    payments: {
      /** Without a key the payment client stays in its sandbox. */
      mode: settings.text('PAYMENTS_API_KEY', '') === '' ? 'sandbox' : 'live',
      /** Share of single attempts that the payment provider does not answer. */
      failureRate: settings.number('PAYMENTS_FAILURE_RATE', 0.0316, rate),
      attempts: settings.number('PAYMENTS_ATTEMPTS', 2, { min: 1, max: 5, integer: true }),
    },
    faults: {
      errorRate: settings.number('FAULT_ERROR_RATE', 0, rate),
      latencyMs: settings.number('FAULT_LATENCY_MS', 0),
      leakBytesPerRequest: settings.number('FAULT_LEAK_BYTES_PER_REQUEST', 0),
      leakMiBPerMinute: settings.number('FAULT_LEAK_MIB_PER_MINUTE', 0),
      crashAfterSeconds: settings.number('FAULT_CRASH_AFTER_SECONDS', 0),
    },
  };
}
