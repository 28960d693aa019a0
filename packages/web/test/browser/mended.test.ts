import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { openStage, type Stage } from './chromium.js';
import { drawOn, SEVEN } from './draw-on.js';
import { openView } from './wait.js';

describe.skipIf(missing('browser'))('what readers stumbled over', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());

  const QUICK = '#/train?recipe=mnist&epochs=1&data=first';
  const train = (page: Page) => page.getByRole('button', { name: 'Train', exact: true }).click();
  const go = (page: Page, hash: string) =>
    page.evaluate((next) => {
      location.hash = next;
    }, hash);

  test('a model trained on the first digits is verified, and its receipt tells their number', async () => {
    const { page, complaints } = await stage.open(QUICK);
    await train(page);
    await page.getByText('Done', { exact: true }).waitFor();
    await go(page, '#/prove');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the model' }).click(),
    ]);
    const { page: other } = await stage.open('#/prove');
    await other.getByLabel('Drop a model file').setInputFiles(await download.path());
    await other.locator('.receipt').getByText('taught with 6\u202f000').waitFor();
    await other.getByRole('button', { name: 'Verify' }).click();
    await other.getByText('Verified. Its only epoch').waitFor();
    expect(complaints).toEqual([]);
  });

  test('what was read is said once the pen rests', async () => {
    const { page } = await stage.open('#/draw');
    await page.getByText('A network that comes with the page').waitFor();
    await drawOn(page, SEVEN);
    await page
      .locator('.reading [role=status]', { hasText: /a 7$/ })
      .waitFor({ state: 'attached' });
  });

  test('Back keeps what was changed of a shared recipe', async () => {
    const { page } = await stage.open(`${QUICK}&seed=7`);
    await page.getByText('Seed 7.').waitFor();
    await page.getByText('Change it').click();
    await page.getByRole('textbox', { name: 'Seed' }).fill('8');
    await page.getByText('Seed 8.').waitFor();
    await page.getByRole('link', { name: 'Draw' }).click();
    await page.goBack();
    await page.getByText('Seed 8.').waitFor();
  });

  test('training on one’s own digits is shown where it is begun', async () => {
    const { page } = await stage.open(QUICK);
    await go(page, '#/draw');
    await drawOn(page, SEVEN);
    await page.getByRole('button', { name: 'It was an 8' }).click();
    await page.getByRole('button', { name: 'Train on them too' }).click();
    await page.getByText(/It has learned your digits\. It reads [\d.]+/).waitFor();
  });

  test('a tiny digit in a corner is read, and told on the pad of a phone', async () => {
    const { page } = await stage.open('#/draw', {
      viewport: { width: 360, height: 640 },
      isMobile: true,
      hasTouch: true,
    });
    const tiny = SEVEN.map(([x, y]) => [0.02 + 0.18 * x, 0.78 + 0.2 * y] as const);
    await page.locator('.reading').getByText('Draw, and it reads').waitFor();
    await drawOn(page, tiny);
    await page.locator('.pad-answer', { hasText: '7' }).waitFor();
    // All of the pad is in sight with its answer.
    const { y, height } = (await page.locator('.pad').boundingBox())!;
    expect(y).toBeGreaterThan(0);
    expect(y + height).toBeLessThanOrEqual(640);
  });

  test('without a network, the page says so in its own words', async () => {
    const { page } = await stage.open(QUICK);
    await page.getByRole('group', { name: 'The weights' }).waitFor();
    await page.context().setOffline(true);
    await train(page);
    await page.getByText('The data could not be fetched: this device is offline').waitFor();
    await page.getByText('Check the connection and try again').waitFor();
    await expect.poll(() => page.locator('.notice').textContent()).not.toContain('TypeError');
  });

  test('in the system’s own colours, sliders, bars and the view that is open are still seen', async () => {
    const { page } = await stage.open(QUICK);
    await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
    await page.getByRole('group', { name: 'The weights' }).waitFor();
    const colourOf = (selector: string, property: string, pseudo?: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((one, [name, part]) => getComputedStyle(one, part).getPropertyValue(name!), [
          property,
          pseudo,
        ] as const);
    const ground = await colourOf('html', 'background-color');
    expect(await colourOf('.net-bar', 'background-color', '::after')).not.toBe(ground);
    expect(await colourOf('.progress', 'background-color')).not.toBe(ground);
    const under = (selector: string) => colourOf(selector, 'border-bottom-color');
    expect(await under('nav a[aria-current]')).not.toBe(await under('nav a:not([aria-current])'));
  });

  const windows = [
    ['from right to left on a phone', { width: 360, height: 640 }, 'rtl'],
    ['at a zoom of 400 %', { width: 320, height: 256 }, 'ltr'],
    ['from right to left', { width: 1280, height: 800 }, 'rtl'],
    ['at a zoom of 200 %', { width: 640, height: 400 }, 'ltr'],
  ] as const;
  test.each(missing('long') ? windows.slice(0, 2) : windows)(
    '%s, nothing sticks out',
    async (_, viewport, direction) => {
      const { page } = await stage.open(QUICK, { viewport });
      await page.evaluate((dir) => {
        document.documentElement.dir = dir;
      }, direction);
      await train(page);
      await page.getByText('Done', { exact: true }).waitFor();
      for (const view of ['#/train', '#/draw', '#/understand', '#/understand/image', '#/prove']) {
        await openView(page, view);
        if (view === '#/understand/image') await page.getByText('The evidence for').waitFor();
        const sticksOut = () =>
          page.evaluate(() => {
            const { scrollWidth } = document.documentElement;
            return scrollWidth - document.body.clientWidth;
          });
        await expect.poll(sticksOut, { message: view }).toBeLessThanOrEqual(0);
      }
    },
  );

  test('in windows of any size, also those of a zoomed page, nothing covers the words below the network', async () => {
    const { page } = await stage.open(QUICK);
    await page.getByRole('group', { name: 'The weights' }).waitFor();
    const sizes = [
      [640, 450],
      [640, 900],
      [800, 400],
      [1280, 600],
      [1280, 900],
    ] as const;
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      const over = () =>
        page.evaluate(() => {
          const boxOf = (one: string) => document.querySelector(one)!.getBoundingClientRect();
          return boxOf('.net-seen').bottom - boxOf('.net-words').top;
        });
      await expect.poll(over, { message: `${width} by ${height}` }).toBeLessThanOrEqual(0);
    }
  });

  test('on paper there are no buttons, and every digest', async () => {
    const { page } = await stage.open('#/train?recipe=mnist&epochs=30&data=first&subset=64', {
      colorScheme: 'dark',
    });
    await train(page);
    await page.getByText('Done', { exact: true }).waitFor();
    await page.emulateMedia({ media: 'print' });
    await expect.poll(() => page.locator('.button:visible').count()).toBe(0);
    await page.emulateMedia({ media: 'screen' });
    await openView(page, '#/prove');
    await page.locator('td.digest').nth(29).waitFor();
    await page.emulateMedia({ media: 'print' });
    // Only what is seen has a role here.
    await expect.poll(() => page.getByRole('button').count()).toBe(0);
    const last = page.locator('td.digest').last();
    const table = page.locator('.digests');
    const bottomOf = async (one: typeof table) => {
      const { y, height } = (await one.boundingBox())!;
      return y + height;
    };
    await expect
      .poll(async () => (await bottomOf(last)) - (await bottomOf(table)))
      .toBeLessThanOrEqual(1);
    const ground = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await expect.poll(ground).toBe('rgb(255, 255, 255)');
  });
});
