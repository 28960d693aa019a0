import type { Page } from 'playwright-core';

type Place = readonly [x: number, y: number];

/** A seven, as shares of the pad's width and height. */
export const SEVEN: readonly Place[] = [
  [0.28, 0.2],
  [0.5, 0.2],
  [0.72, 0.21],
  [0.6, 0.5],
  [0.48, 0.82],
];

/** Draws a line on the pad with the mouse. */
export async function drawOn(page: Page, places: readonly Place[], pad = '.pad'): Promise<void> {
  await page.locator(pad).first().scrollIntoViewIfNeeded();
  const box = (await page.locator(pad).first().boundingBox())!;
  const points = places.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height }));
  await page.mouse.move(points[0]!.x, points[0]!.y);
  await page.mouse.down();
  for (const { x, y } of points.slice(1)) await page.mouse.move(x, y, { steps: 5 });
  await page.mouse.up();
}
