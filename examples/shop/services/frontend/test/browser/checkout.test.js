import { expect } from 'chai';
import { By, until } from 'selenium-webdriver';
import { createApp as createBackend } from '../../../backend/src/app.js';
import { readConfig as readBackendConfig } from '../../../backend/src/config.js';
import { createApp as createFrontend } from '../../src/app.js';
import { readConfig as readFrontendConfig } from '../../src/config.js';
import { openBrowser } from './browser.js';

const quiet = { write: () => undefined };
const anyPort = { host: '127.0.0.1', port: 0 };

/** The two services as a customer meets them: the frontend's page in front of the backend. */
async function openShop(backendEnv) {
  const backend = createBackend(readBackendConfig(backendEnv), quiet).service;
  const { port: backendPort } = await backend.listen(anyPort);
  const frontend = createFrontend(
    readFrontendConfig({ BACKEND_URL: `http://127.0.0.1:${backendPort}`, SHOP_VERSION: 'test' }),
    quiet,
  ).service;
  const { port } = await frontend.listen(anyPort);
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => Promise.all([frontend.stop({ graceMs: 500 }), backend.stop({ graceMs: 500 })]),
  };
}

describe('the shop in a browser', () => {
  let browser;
  let shop;

  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser?.close());
  afterEach(() => shop?.close());

  const text = (id) => browser.driver.findElement(By.id(id)).getText();
  const add = async (product) => {
    const button = By.css(`[data-product="${product}"]`);
    await browser.driver.wait(until.elementLocated(button), 10_000);
    await browser.driver.findElement(button).click();
  };
  const message = async () => {
    const element = browser.driver.findElement(By.id('message'));
    await browser.driver.wait(async () => (await element.getText()) !== '', 10_000);
    return element.getText();
  };

  it('sells two cups and a kettle', async () => {
    shop = await openShop({ PAYMENTS_FAILURE_RATE: '0' });
    await browser.driver.get(shop.url);
    await add('cup');
    await add('cup');
    await add('kettle');
    expect(await text('total')).to.equal('52.70');

    await browser.driver.findElement(By.id('checkout')).click();
    expect(await message()).to.match(/^Thank you\. Receipt r-\d+$/);
    expect(await text('total')).to.equal('0.00');
    expect(await browser.driver.findElement(By.id('checkout')).isEnabled()).to.equal(false);
  });

  it('says so, and keeps the cart, when an order fails', async () => {
    shop = await openShop({ FAULT_ERROR_RATE: '1' });
    await browser.driver.get(shop.url);
    await add('teapot');
    await browser.driver.findElement(By.id('checkout')).click();
    expect(await message()).to.contain('did not go through');
    expect(await text('cart')).to.contain('1 × Teapot');
  });
});
