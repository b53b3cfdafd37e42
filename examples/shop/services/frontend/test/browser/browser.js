import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Builder } from 'selenium-webdriver';
import { Options, ServiceBuilder } from 'selenium-webdriver/chrome.js';

/**
 * A headless Chromium with a profile of its own. CHROME_BIN and CHROMEDRIVER name other installations;
 * naming both keeps the driver from looking for a download.
 */
export async function openBrowser() {
  const profile = await mkdtemp(join(tmpdir(), 'shop-browser-'));
  const options = new Options()
    .setChromeBinaryPath(process.env.CHROME_BIN || '/usr/bin/chromium')
    .addArguments(
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      `--user-data-dir=${profile}`,
    );
  const driver = await new Builder()
    .forBrowser('chrome')
    .setChromeOptions(options)
    .setChromeService(new ServiceBuilder(process.env.CHROMEDRIVER || '/usr/bin/chromedriver'))
    .build();

  return {
    driver,
    async close() {
      await driver.quit();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
