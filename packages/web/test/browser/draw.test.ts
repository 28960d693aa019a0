import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { openStage, type Stage } from './chromium.js';
import { asFile, SHORT_RECIPE, trainInNode } from './trained.js';
import { dropFiles } from './wait.js';

/** A seven, as shares of the pad's width and height. */
const SEVEN = [
  [0.28, 0.2],
  [0.5, 0.2],
  [0.72, 0.21],
  [0.6, 0.5],
  [0.48, 0.82],
] as const;

describe.skipIf(missing('browser'))('the page reads drawings', () => {
  let stage: Stage;
  let file: Uint8Array;
  beforeAll(async () => {
    const recipe = { ...SHORT_RECIPE, subset: 6000 };
    [stage, { file }] = await Promise.all([openStage(), trainInNode(recipe)]);
  });
  afterAll(() => stage?.close());

  const openPad = async (options = {}) => {
    const { page, complaints } = await stage.open('#/prove', options);
    await page.getByLabel('Drop a model file').setInputFiles(asFile('model', file));
    await page.getByRole('link', { name: 'Draw with it' }).click();
    const box = (await page.locator('.pad').boundingBox())!;
    const points = SEVEN.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height }));
    return { page, points, complaints };
  };
  /** How many pixels of an image are painted. */
  const inkOf = (image: Locator) =>
    image.evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const context = (canvas as HTMLCanvasElement).getContext('2d')!;
      const { data } = context.getImageData(0, 0, width, height);
      return data.filter((value, at) => at % 4 === 3 && value > 0).length;
    });
  const expectSeven = (page: Page) =>
    page.getByRole('heading', { name: /a 7$/ }).waitFor({ timeout: 10_000 });

  test('by mouse, while it is drawn, and keeps a corrected digit', async () => {
    const { page, points, complaints } = await openPad();
    await page.mouse.move(points[0]!.x, points[0]!.y);
    await page.mouse.down();
    for (const { x, y } of points.slice(1, 3)) await page.mouse.move(x, y, { steps: 5 });
    // The answer comes before the pen is lifted.
    await page.getByRole('heading', { name: /a \d$/ }).waitFor();
    for (const { x, y } of points.slice(3)) await page.mouse.move(x, y, { steps: 5 });
    await page.mouse.up();
    await expectSeven(page);
    const seen = page.getByRole('img', { name: 'Your digit in 28 by 28 pixels' });
    await expect.poll(() => inkOf(seen)).toBeGreaterThan(40);
    await page.getByRole('link', { name: 'Understand' }).click();
    await page.getByRole('link', { name: 'One image' }).click();
    await page.getByRole('button', { name: 'Your drawing' }).click();
    await page.getByText('The evidence for a 7').waitFor();
    for (const image of await page.locator('.lookers canvas').all())
      await expect.poll(() => inkOf(image)).toBeGreaterThan(40);
    await page.getByRole('link', { name: 'Draw' }).click();
    await page.getByRole('button', { name: 'It was a 7' }).click();
    await page.getByRole('button', { name: 'A 7. Remove it' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'A 7. Remove it' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('by touch, without scrolling under the finger', async () => {
    const { page, points, complaints } = await openPad({
      viewport: { width: 390, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    const session = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: object[]) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: touchPoints as never });
    const before = await page.evaluate(() => scrollY);
    await touch('touchStart', [points[0]!]);
    for (const point of points.slice(1)) await touch('touchMove', [point]);
    await touch('touchEnd', []);
    await expectSeven(page);
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(before);
    expect(complaints).toEqual([]);
  });

  test('with the network that comes along, before any training', async () => {
    const { page, complaints } = await stage.open('#/draw');
    await page.getByText('A network that comes with the page').waitFor();
    await page.locator('.pad').scrollIntoViewIfNeeded();
    const box = (await page.locator('.pad').boundingBox())!;
    const points = SEVEN.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height }));
    await page.mouse.move(points[0]!.x, points[0]!.y);
    await page.mouse.down();
    for (const { x, y } of points.slice(1)) await page.mouse.move(x, y, { steps: 5 });
    await page.mouse.up();
    await expectSeven(page);
    expect(complaints).toEqual([]);
  });

  test('in a picture that is dropped, until somebody draws', async () => {
    const { page, complaints } = await stage.open('#/train');
    const grey = Uint8Array.from({ length: 60 * 80 }, (_, at) => {
      const [x, y] = [at % 60, Math.floor(at / 60)];
      const isStem = y > 22 && Math.abs(x - (42 - (y - 20) / 3)) < 3.5;
      return (y > 15 && y < 22 && x > 14 && x < 46) || isStem ? 40 : 225;
    });
    const png = await sharp(grey, { raw: { width: 60, height: 80, channels: 1 } })
      .png()
      .toBuffer();
    await dropFiles(page.locator('footer'), [{ name: 'photo.png', bytes: png, type: 'image/png' }]);
    await expectSeven(page);
    await page.getByRole('link', { name: 'Train' }).click();
    await page.getByRole('group', { name: 'The weights' }).waitFor();
    await page.getByRole('link', { name: 'Draw' }).click();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('heading', { name: 'Draw, and it reads' }).waitFor();
    await dropFiles(page.locator('footer'), [
      { name: 'none.jpg', bytes: Buffer.from('no picture'), type: 'image/jpeg' },
    ]);
    await page.locator('.notice').getByText('none.jpg: expected an image').waitFor();
    expect(complaints).toEqual([]);
  });

  test('by keyboard', async () => {
    const { page } = await openPad();
    await page.getByRole('application').focus();
    for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', ' '])
      await page.keyboard.press(key);
    for (let i = 0; i < 8; i += 1) await page.keyboard.press('ArrowRight');
    for (let i = 0; i < 11; i += 1) {
      await page.keyboard.press('ArrowDown');
      if (i % 2 === 0) await page.keyboard.press('ArrowLeft');
    }
    await expectSeven(page);
  });
});
