// Makes the pictures of the page, from the page itself: `public/picture.png`, which links that are sent
// on show, and `picture/learning.webp`, which moves. Build first; needs Chromium.
//
// `node scripts/make-pictures.mjs`

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { preview } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The size that links are shown in nearly everywhere. */
const CARD = { width: 1200, height: 630 };
const FRAMES = 30;
const FRAME_MILLISECONDS = 160;
/** The last picture stands for a while. */
const LAST_MILLISECONDS = 2500;
const MOVING_WIDTH = 840;

mkdirSync(`${root}picture`, { recursive: true });
const server = await preview({ root, configFile: `${root}vite.config.ts` });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage({ viewport: CARD });
  const [address] = server.resolvedUrls?.local ?? [];
  await page.goto(`${address}#/train?recipe=mnist&epochs=20&data=first`);
  // What one moves has no place in a picture.
  await page.addStyleTag({
    content: '.timeline, .net-words { display: none } main { padding-block: 1.5rem }',
  });
  await page.getByRole('group', { name: 'The weights' }).waitFor();
  const shot = async () =>
    sharp(await page.screenshot())
      .resize(MOVING_WIDTH)
      .png()
      .toBuffer();
  const frames = [await shot()];
  const speed = page.locator('.controls input[type=range]');
  const slide = (/** @type {number} */ to) =>
    speed.evaluate((slider, value) => {
      /** @type {HTMLInputElement} */ (slider).value = String(value);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    }, to);
  await slide(5);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  for (let frame = 0; frame < FRAMES; frame += 1) {
    if (frame === FRAMES / 2) await slide(7);
    frames.push(await shot());
    await page.waitForTimeout(FRAME_MILLISECONDS);
  }
  await slide(8);
  await page.getByText('Done', { exact: true }).waitFor({ timeout: 120_000 });
  await page.waitForTimeout(500);
  frames.push(await shot());
  await page.screenshot({ path: `${root}public/picture.png` });
  const delay = frames.map((_, at) =>
    at === frames.length - 1 ? LAST_MILLISECONDS : FRAME_MILLISECONDS,
  );
  await sharp(frames, { join: { animated: true } })
    .webp({ quality: 45, effort: 5, delay, loop: 0 })
    .toFile(`${root}picture/learning.webp`);
} finally {
  await browser.close();
  await server.close();
}
