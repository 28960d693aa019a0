import { parseLayers, RECIPES, type Recipe } from '@bitgrad/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { openStage, type Stage } from './chromium.js';
import { drawOn, SEVEN } from './draw-on.js';
import { asFile, trainInNode } from './trained.js';
import { openView, settled, violationsOf } from './wait.js';

const LAYERS = '28x28,conv8:5/2,norm,pool,conv16,norm,gap,10';
const RECIPE: Recipe = {
  ...RECIPES.mnist!,
  layers: parseLayers(LAYERS),
  subset: 640,
  epochs: 2,
};

describe.skipIf(missing('browser'))('a convolution in the page', () => {
  let stage: Stage;
  let node: Awaited<ReturnType<typeof trainInNode>>;
  beforeAll(async () => {
    [stage, node] = await Promise.all([openStage(), trainInNode(RECIPE)]);
  });
  afterAll(() => stage?.close());

  test('trains to the bits of Node; filters and maps are shown, and a filter is dragged over a digit', async () => {
    const { page, complaints } = await stage.open(
      `#/train?recipe=mnist&epochs=2&subset=640&layers=${LAYERS}`,
    );
    await drawOn(page, SEVEN, '.net .pad');
    await page.getByRole('group', { name: 'The weights of 8 filters as images of 5' }).waitFor();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByText('Done', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Filter 3' }).first().hover();
    await page.locator('.net-words').getByText('Where it finds most in this image').waitFor();
    await page.getByRole('button', { name: 'Filter 3' }).first().press('Enter');
    const panel = page.getByRole('region', { name: 'Filter 3' });
    const image = panel.getByRole('application', { name: 'Filter 3 over the image' });
    const told = panel.getByText('the products add up to');
    await image.scrollIntoViewIfNeeded();
    const box = (await image.boundingBox())!;
    const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
    await page.mouse.move(...at(0.1, 0.1));
    await page.mouse.down();
    await page.mouse.move(...at(0.999, 0.999), { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => told.textContent()).toContain('At column 13, row 13');
    await image.press('ArrowLeft');
    await expect.poll(() => told.textContent()).toContain('At column 12, row 13');
    await panel.getByText('What excites it most').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await panel.getByRole('switch', { name: 'It speaks' }).press('Space');
    await panel.getByText(/^[\d.]+\s%\s→/).waitFor();
    await page.getByRole('button', { name: 'Put everything back' }).click();
    for (const [view, words] of [
      ['#/understand/image', 'The evidence for'],
      ['#/understand/hand', 'This network has a norm'],
      ['#/understand/step', 'Back to the filters'],
      ['#/draw', 'filters'],
    ] as const) {
      await openView(page, view);
      await page.getByText(words).first().waitFor();
      expect(await violationsOf(page), view).toEqual([]);
    }
    await openView(page, '#/prove');
    await expect
      .poll(() => page.locator('td.digest').allTextContents())
      .toEqual([...node.receipt.epochs].reverse());
    expect(complaints).toEqual([]);
  });

  // Models without one are, elsewhere.
  test.skipIf(missing('long'))('a model of one is opened, reads, and is verified', async () => {
    const { page, complaints } = await stage.open('#/prove');
    await page.getByLabel('Drop a model file').setInputFiles(asFile('conv', node.file));
    await page.getByText(node.receipt.weightsSha256).waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('Verified. All 2 epochs').waitFor();
    await page.getByRole('link', { name: 'Draw with it' }).click();
    await drawOn(page, SEVEN);
    await page.getByText('8 filters').waitFor();
    expect(complaints).toEqual([]);
  });

  test('blame flows back through one without norms, by hand, and lines are painted', async () => {
    const { page, complaints } = await stage.open('#/understand/hand');
    await page.evaluate(() => {
      location.hash = '#/train?recipe=mnist&layers=28x28,conv8:3/2,conv16:3/2,10';
    });
    await page.getByRole('button', { name: 'Filter 0' }).first().waitFor();
    await openView(page, '#/understand/hand');
    await page.getByText(/^Slope/).waitFor();
    const lines = page.locator('.net-lines');
    const paintedNow = () => lines.evaluate((one) => (one as HTMLCanvasElement).toDataURL());
    const idle = await settled(page, paintedNow);
    await page.getByRole('button', { name: 'Filter 2' }).last().click();
    await page.getByText('From place').waitFor();
    await expect.poll(paintedNow).not.toBe(idle);
    expect(await violationsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('layers are typed, and what is none is told beside its field', async () => {
    const { page } = await stage.open('#/train');
    await page.getByText('Change it').click();
    const field = page.getByRole('textbox', { name: 'Hidden layers' });
    await field.fill('conv4:5/2, norm, poo');
    await page.getByRole('alert').getByText('layers:').waitFor();
    await expect
      .poll(() => page.getByRole('button', { name: 'Train', exact: true }).isDisabled())
      .toBe(true);
    await field.fill('conv4:5/2, norm, pool, gap');
    await page.getByRole('group', { name: 'The weights of 4 filters' }).waitFor();
    await page.getByText('28x28 → conv4:5/2 → norm → pool → gap → 10 with ReLU').waitFor();
  });
});
