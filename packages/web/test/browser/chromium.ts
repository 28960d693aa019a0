import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { chromiumPath } from '../../../../scripts/require.mjs';
import { servePage } from './static-server.js';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long anything on a page is waited for, in milliseconds: a busy machine takes its time. */
const PATIENCE = 100_000;

/** Debian’s Chromium and a server of the built page. */
export interface Stage {
  /** Opens the page afresh, with nothing stored, until the test ends; `complaints` gathers what its console says. */
  readonly open: (
    hash?: string,
    options?: BrowserContextOptions,
  ) => Promise<{ page: Page; complaints: string[] }>;
  readonly close: () => Promise<void>;
}

/** @param files a folder of other pages than the built one */
export async function openStage(files?: string): Promise<Stage> {
  const server = await servePage(files);
  const browser: Browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: FLAGS,
  });
  return {
    async open(hash = '', options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        ...options,
      });
      // What a page goes on with, a training or only its pictures, would take the others' time.
      onTestFinished(() => context.close());
      // What a test intercepts on its way must not come from the page's own cache instead.
      if (options.serviceWorkers !== 'allow')
        await context.addInitScript('delete Navigator.prototype.serviceWorker');
      context.setDefaultTimeout(PATIENCE);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.goto(server.address + hash);
      return { page, complaints };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
