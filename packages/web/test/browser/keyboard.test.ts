import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { openStage, type Stage } from './chromium.js';
import { settled } from './wait.js';

describe.skipIf(missing('browser'))('the keyboard keeps its place', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const expectFocus = (page: Page, name: string) =>
    expect
      .poll(() => button(page, name).evaluate((one) => one === document.activeElement))
      .toBe(true);

  test('from Train to Pause, Resume and back, without a jump under the pointer', async () => {
    const { page, complaints } = await stage.open('#/train?recipe=mnist&epochs=500&data=first');
    await page.getByRole('group', { name: 'The weights' }).waitFor();
    const placeOf = async (name: string) => {
      const { x = 0, y = 0 } = (await button(page, name).boundingBox()) ?? {};
      return { x, y };
    };
    const place = JSON.parse(
      await settled(page, async () => JSON.stringify(await placeOf('Train'))),
    ) as unknown;
    await button(page, 'Train').press('Enter');
    await expectFocus(page, 'Pause');
    await expect.poll(() => placeOf('Pause')).toEqual(place);
    await page.keyboard.press('Enter');
    await expectFocus(page, 'Resume');
    await page.keyboard.press('Enter');
    await expectFocus(page, 'Pause');
    await button(page, 'Reset').press('Enter');
    await expectFocus(page, 'Train');
    await expect.poll(() => placeOf('Train')).toEqual(place);
    expect(complaints).toEqual([]);
  });

  test('while a step is made', async () => {
    const { page } = await stage.open('#/understand/step');
    await page.getByText('Down to one weight').waitFor();
    await button(page, 'Make a step').press('Enter');
    await expectFocus(page, 'Make a step');
  });

  test('from a digit that is kept to the pad, where the next is drawn', async () => {
    const { page } = await stage.open('#/draw');
    const pad = page.getByRole('application');
    const expectPad = () =>
      expect.poll(() => pad.evaluate((one) => one === document.activeElement)).toBe(true);
    const draw = async () => {
      await pad.focus();
      for (const key of [' ', ...new Array(8).fill('ArrowDown'), ' '])
        await page.keyboard.press(key);
    };
    await draw();
    await button(page, 'Clear').press('Enter');
    await expectPad();
    await draw();
    await button(page, 'It was a 1').press('Enter');
    await expectPad();
    await button(page, 'A 1. Remove it').press('Enter');
    await expectPad();
  });
});
