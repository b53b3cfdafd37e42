import { createLog, createMetrics, createService, readJson, sendJson } from '@shop/service-kit';
import { Counter } from 'prom-client';
import { priceOrder, products } from './catalogue.js';
import { createFaults } from './faults.js';
import { chargeWithRetry, createProvider } from './payments.js';
import { createRandom } from './random.js';

/** Puts the backend together from its configuration; nothing listens yet. */
export function createApp(config, { crash = () => process.exit(70), write } = {}) {
  const random = createRandom(config.pod);
  const provider = createProvider({ failureRate: config.payments.failureRate, random });
  const metrics = createMetrics({
    routes: [
      { method: 'GET', route: '/api/products', codes: [200, 500] },
      { method: 'POST', route: '/api/checkout', codes: [201, 400, 500] },
    ],
  });
  const checkouts = new Counter({
    name: 'shop_checkout_total',
    help: 'Checkouts that were tried, by result.',
    labelNames: ['result'],
    registers: [metrics.registry],
  });
  for (const result of ['ok', 'error']) checkouts.inc({ result }, 0);

  const log = createLog({
    fields: { app: 'shop-backend', version: config.version, track: config.track },
    count: metrics.countLogLine,
    write,
  });
  const faults = createFaults({
    faults: config.faults,
    random,
    crash: () => {
      log.error('out of order: the process ends itself');
      crash();
    },
  });

  async function listProducts(_request, response) {
    await faults.onRequest();
    sendJson(response, 200, { products, currency: config.currency });
  }

  async function checkout(request, response) {
    const order = priceOrder(await readJson(request));
    try {
      await faults.onRequest();
      faults.onCheckout();
      const { receipt } = await chargeWithRetry(provider, order.total, config.payments.attempts);
      checkouts.inc({ result: 'ok' });
      sendJson(response, 201, { ...order, currency: config.currency, receipt });
    } catch (error) {
      checkouts.inc({ result: 'error' });
      throw error;
    }
  }

  const service = createService({
    routes: [
      { method: 'GET', route: '/api/products', handle: listProducts },
      { method: 'POST', route: '/api/checkout', handle: checkout },
    ],
    metrics,
    log,
  });
  return { service, faults, log, metrics };
}
