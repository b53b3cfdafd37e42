import { afterEach, describe, expect, it } from '@jest/globals';
import { start } from './start.js';

let running;
afterEach(() => running.service.stop());

describe('products', () => {
  it('are listed with the currency of the environment', async () => {
    running = await start({ SHOP_CURRENCY: 'CHF' });
    const answer = await fetch(`${running.url}/api/products`);
    const { currency, products } = await answer.json();
    expect(answer.status).toBe(200);
    expect(currency).toBe('CHF');
    expect(products.map(({ id }) => id)).toEqual(['kettle', 'teapot', 'cup', 'assam']);
  });

  it('refuses other methods, naming the right one', async () => {
    running = await start();
    const answer = await fetch(`${running.url}/api/products`, { method: 'DELETE' });
    expect(answer.status).toBe(405);
    expect(await answer.json()).toEqual({ error: '/api/products takes GET' });
  });
});

describe('checkout', () => {
  it('prices the order and gives a receipt', async () => {
    running = await start();
    const answer = await running.checkout({ items: [{ id: 'cup', quantity: 2 }] });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({
      lines: [{ id: 'cup', quantity: 2, amount: 1780 }],
      total: 1780,
      currency: 'EUR',
      receipt: 'r-1',
    });
  });

  it('takes an empty body as one of the offer of the day', async () => {
    running = await start();
    const answer = await running.checkout();
    expect((await answer.json()).lines).toEqual([{ id: 'cup', quantity: 1, amount: 890 }]);
  });

  it.each([
    ['{', 'the body is not JSON'],
    ['null', 'items must be a list'],
    [{ items: [] }, 'items must be a list'],
    [{ items: [{ id: 'yacht', quantity: 1 }] }, 'unknown product "yacht"'],
    [{ items: [{ id: 'cup', quantity: 0 }] }, 'quantity of cup must be 1 to 99'],
    [{ items: [{ id: 'cup', quantity: 1.5 }] }, 'quantity of cup must be 1 to 99'],
  ])('answers 400 to %j', async (body, error) => {
    running = await start();
    const answer = await running.checkout(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error });
  });

  it('answers 413 to a body that is too large', async () => {
    running = await start();
    const answer = await running.checkout(' '.repeat(20_000));
    expect(answer.status).toBe(413);
  });

  it('answers 500 without inner details when no payment goes through, and logs why', async () => {
    running = await start({ PAYMENTS_FAILURE_RATE: '1' });
    const answer = await running.checkout();
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({ error: 'internal error' });
    expect(running.lines.at(-1)).toMatchObject({
      level: 'error',
      message: 'the payment provider did not answer',
      app: 'shop-backend',
      path: '/api/checkout',
      status: 500,
    });
  });
});

describe('metrics', () => {
  it('start at zero, so that a first error is a step', async () => {
    running = await start();
    const text = await running.scrape();
    expect(text).toContain('shop_checkout_total{result="error"} 0');
    expect(text).toContain('http_requests_total{method="POST",route="/api/checkout",code="500"} 0');
    expect(text).toMatch(
      /http_request_duration_seconds_bucket\{le="0.3",method="GET",route="\/api\/products"\} 0/,
    );
  });

  it('count each answer once, and bad requests as no checkout', async () => {
    running = await start();
    await running.checkout();
    await running.checkout('{');
    const text = await running.scrape();
    expect(text).toContain('shop_checkout_total{result="ok"} 1');
    expect(text).toContain('shop_checkout_total{result="error"} 0');
    expect(text).toContain('http_requests_total{method="POST",route="/api/checkout",code="201"} 1');
    expect(text).toContain('http_requests_total{method="POST",route="/api/checkout",code="400"} 1');
    expect(text).toContain('http_request_duration_seconds_count{method="POST",route="/api/checkout"} 2');
  });

  it('keep unknown paths in one series', async () => {
    running = await start();
    for (const path of ['/a', '/b', '/c']) await fetch(running.url + path);
    expect(await running.scrape()).toContain(
      'http_requests_total{method="GET",route="unknown",code="404"} 3',
    );
  });
});
