import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { EXPERIMENTS } from '../../src/views/train/experiments-list.js';
import { openStage, type Stage } from './chromium.js';
import { drawOn, SEVEN } from './draw-on.js';
import { settled } from './wait.js';

describe.skipIf(missing('browser'))('the network on the stage', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());

  const QUICK = '#/train?recipe=mnist&epochs=2&data=first';
  const press = (page: Page, name: string) =>
    page.getByRole('button', { name, exact: true }).click();
  const words = (page: Page) => page.locator('.net-words');
  const slide = (page: Page, name: string, key: string) =>
    page.getByRole('slider', { name }).press(key);
  /** The lines as they are painted. */
  const linesOf = (page: Page) =>
    page.locator('.net-lines').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const steadyLines = (page: Page) => settled(page, () => linesOf(page));

  const networks = [
    ['two hidden layers', `${QUICK}&layers=784,24,16,10`],
    ['the default network', QUICK],
    ['no hidden layer', `${QUICK}&layers=784,10`],
  ] as const;
  test.each(missing('long') ? networks.slice(0, 1) : networks)(
    '%s: pointing at a neuron lights its lines, and so do the arrow keys',
    async (_, hash) => {
      const { page, complaints } = await stage.open(hash);
      await page.getByRole('group', { name: 'The weights' }).waitFor();
      const idle = await steadyLines(page);
      expect(idle.length).toBeGreaterThan(1000);
      await page.getByRole('button', { name: 'Neuron 5' }).first().hover();
      await words(page)
        .getByText(/Neuron 5|output 5|For 5/)
        .waitFor();
      await expect.poll(() => linesOf(page)).not.toBe(idle);
      await page.mouse.move(1, 1);
      await words(page).getByText('Point at a neuron').waitFor();
      await page.getByRole('button', { name: 'Neuron 0' }).first().focus();
      await page.keyboard.press('ArrowDown');
      await words(page)
        .getByText(/(Neuron|output|For) [1-9]/)
        .waitFor();
      await press(page, 'Train');
      await page.getByText('Done', { exact: true }).waitFor();
      await page.locator('.net-outputs .best', { hasText: '3' }).waitFor();
      expect(complaints).toEqual([]);
    },
  );

  test('one’s own digit is read beside the network, and its moments can be gone back to', async () => {
    const { page, complaints } = await stage.open(QUICK);
    await drawOn(page, SEVEN, '.net .pad');
    await press(page, 'Train');
    await page.getByText('Done', { exact: true }).waitFor();
    await page.locator('.net-outputs .best', { hasText: '7' }).waitFor();
    const rewind = page.getByRole('slider', { name: 'Rewind' });
    await expect.poll(() => rewind.getAttribute('aria-valuetext')).toContain('epoch 2');
    const learned = await steadyLines(page);
    await slide(page, 'Rewind', 'Home');
    await expect.poll(() => rewind.getAttribute('aria-valuetext')).toContain('step 0');
    await expect.poll(() => linesOf(page)).not.toBe(learned);
    await slide(page, 'Rewind', 'End');
    await expect.poll(() => linesOf(page)).toBe(learned);
    expect(complaints).toEqual([]);
  });

  test('goes a step a second, a step at a time, and as fast as it can, to the same bits', async () => {
    const { page, complaints } = await stage.open(QUICK);
    await slide(page, 'Speed', 'Home');
    await press(page, 'Train');
    await page.getByText('a step a second').waitFor();
    await press(page, 'Pause');
    const steps = async () =>
      Number((await page.locator('.state').textContent())!.replace(/\D/g, ''));
    await page.locator('.state', { hasText: 'Paused' }).waitFor();
    // A step that was under way when it was paused is told a moment later.
    const begun = await settled(page, steps);
    expect(begun).toBeLessThan(10);
    await press(page, 'One step');
    await expect.poll(steps).toBe(begun + 1);
    await slide(page, 'Speed', 'End');
    await press(page, 'Resume');
    await page.getByText('Done', { exact: true }).waitFor();
    const slow = await page.getByTestId('accuracy').textContent();
    await press(page, 'Train again');
    await page.getByText('Done', { exact: true }).waitFor();
    await expect.poll(() => page.getByTestId('accuracy').textContent()).toBe(slow);
    expect(complaints).toEqual([]);
  });

  const experiments = missing('long') ? EXPERIMENTS.slice(0, 2) : EXPERIMENTS;
  test('each experiment runs at one press, says why, and keeps the curve before', async () => {
    const { page, complaints } = await stage.open(QUICK);
    await press(page, 'Train');
    await page.getByText('Done', { exact: true }).waitFor();
    for (const { name, why } of experiments) {
      await press(page, name);
      await page.getByText(why).waitFor();
      await page.locator('.state', { hasText: /Done|diverged|nothing/ }).waitFor();
      if (name === 'A rate far too high')
        await page.getByText('It diverged: rate 5 is too high').waitFor();
    }
    expect(complaints).toEqual([]);
  });

  test('a neuron is touched: what excites it, what it costs to switch it off, and painted weights', async () => {
    const { page, complaints } = await stage.open(QUICK);
    await press(page, 'Train');
    await page.getByText('Done', { exact: true }).waitFor();
    const lines = await steadyLines(page);
    await page.getByRole('button', { name: 'Neuron 0' }).focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('region', { name: 'Neuron 0' });
    await panel.getByText('What excites it most').waitFor();
    const speaks = panel.getByRole('switch', { name: 'It speaks' });
    await speaks.press('Space');
    await panel.getByText(/^[\d.]+\s%\s→/).waitFor();
    const [before, after] = (await panel.getByRole('status').textContent())!.split('→');
    expect(Number.parseFloat(before!)).toBeGreaterThan(Number.parseFloat(after!));
    await expect.poll(() => page.getByTestId('accuracy').textContent()).toBe(before!.trim());
    await press(page, 'Put everything back');
    const tile = panel.getByRole('application');
    await tile.focus();
    for (const key of ['ArrowUp', ' ', 'ArrowRight', ' ']) await page.keyboard.press(key);
    await panel.getByText(/^[\d.]+\s%\s→/).waitFor();
    const box = (await tile.boundingBox())!;
    await page.mouse.move(box.x + 20, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + 60, { steps: 5 });
    await page.mouse.up();
    await press(page, 'Train again');
    await page.getByText('Done', { exact: true }).waitFor();
    // The training had its own weights all along.
    await page.mouse.move(1, 1);
    await page.locator('h1').click();
    await expect.poll(() => linesOf(page)).toBe(lines);
    expect(complaints).toEqual([]);
  });

  test('blame flows back by hand, one weight is dragged, and the step is taken', async () => {
    const { page, complaints } = await stage.open('#/understand/hand');
    await page.getByText(/^Slope/).waitFor();
    const words = page.locator('.hand-step .large');
    const [before, after] = /from ([\d.]+) to ([\d.]+)/
      .exec((await words.textContent())!)!
      .slice(1);
    expect(Number(after)).toBeLessThan(Number(before));
    const lines = await steadyLines(page);
    await page.getByRole('radio', { name: '8' }).focus();
    await page.keyboard.press('Space');
    await page.getByText('and the 8 from').waitFor();
    await expect.poll(() => linesOf(page)).not.toBe(lines);
    await page.getByRole('button', { name: 'Neuron 9' }).click();
    await page.getByText('From neuron 9 to output').waitFor();
    const weight = page.getByRole('slider', { name: 'Weight' });
    await expect.poll(() => weight.count()).toBe(1);
    const loss = page.locator('.hand-weight .equation');
    const told = await loss.textContent();
    for (let press = 0; press < 3; press += 1) await weight.press('PageUp');
    await expect.poll(() => loss.textContent()).not.toBe(told);
    expect(complaints).toEqual([]);
  });
});
