import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { missing, siteMade } from '../../../../scripts/require.mjs';
import { root } from '../../../../scripts/run.mjs';
import { openStage, type Stage } from './chromium.js';

/** How long the site may take that is made meanwhile, in milliseconds. */
const LONGEST = 300_000;

const site = join(root, 'runs', 'site/');

describe.skipIf(missing('browser') || missing('site'))('the site', () => {
  let stage: Stage;
  beforeAll(async () => {
    await vi.waitUntil(() => existsSync(siteMade), { timeout: LONGEST, interval: 200 });
    stage = await openStage(site);
  }, LONGEST);
  afterAll(() => stage?.close());

  test.each([
    ['on a desk', { width: 1280, height: 900 }],
    ['on a phone', { width: 390, height: 844 }],
  ])(
    '%s, a word is searched for without a server, and what is found opens',
    async (_, viewport) => {
      const { page, complaints } = await stage.open('index.html', { viewport });
      await page.getByRole('button', { name: 'Search' }).click();
      const field = page.getByPlaceholder('Search the docs');
      await field.fill('convolutions');
      const found = page.getByRole('option', { name: /Images and convolutions/ }).first();
      await found.click();
      await page.waitForURL(/Images_and_convolutions/);
      await page.getByRole('heading', { level: 1, name: 'Images and convolutions' }).waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(viewport.width);
      expect(complaints).toEqual([]);
    },
  );
});
