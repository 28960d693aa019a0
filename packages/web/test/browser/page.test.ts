import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { openStage, type Stage } from './chromium.js';
import { openView, violationsOf } from './wait.js';

const VIEWS = [
  '#/train',
  '#/draw',
  '#/understand',
  '#/understand/image',
  '#/understand/hand',
  '#/understand/step',
  '#/understand/formulas',
  '#/prove',
  '#/data',
];
/** A training of a second or two, of which every view has something to show. */
const QUICK = '#/train?recipe=mnist&epochs=1&data=first';

describe.skipIf(missing('browser'))('the page', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());

  const looks = [
    ['light', 390],
    ['dark', 1280],
  ] as const;
  test.each(missing('long') ? looks.slice(0, 1) : looks)(
    'in %s at %i pixels: axe finds nothing, nothing sticks out',
    async (colorScheme, width) => {
      const { page, complaints } = await stage.open(QUICK, {
        colorScheme,
        viewport: { width, height: 800 },
      });
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await page.getByText('Done', { exact: true }).waitFor();
      await page.getByText('Change it').click();
      for (const view of VIEWS) {
        await openView(page, view);
        if (view === '#/understand') await page.locator('[data-cell="4-9"]').click();
        if (view === '#/understand/image') await page.getByText('The evidence for').waitFor();
        if (view === '#/data') {
          await page.getByRole('button', { name: 'Try it with flowers' }).click();
          await page.getByRole('button', { name: 'Learn' }).click();
          await page.getByRole('button', { name: 'Ask it' }).click();
          await page.getByText(/^kind: /).waitFor();
        }
        if (view === '#/understand/hand') await page.getByText(/^Slope/).waitFor();
        if (view === '#/understand/step') {
          await page.getByRole('button', { name: 'Make a step' }).click();
          await page.getByText('Down to one weight').waitFor();
        }
        expect(await violationsOf(page), view).toEqual([]);
        // The room that is kept for a scroll bar must not hide any of it.
        const sticksOut = () =>
          page.evaluate(() => document.documentElement.scrollWidth - document.body.clientWidth);
        await expect.poll(sticksOut, { message: view }).toBeLessThanOrEqual(0);
      }
      expect(complaints).toEqual([]);
    },
  );

  test('pauses, shows one step in numbers, resumes, and resets', async () => {
    const { page, complaints } = await stage.open('#/train?recipe=mnist&epochs=200&data=first');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused after').waitFor();
    await page.getByRole('link', { name: 'Understand' }).click();
    await page.getByRole('link', { name: 'One step' }).click();
    const make = page.getByRole('button', { name: 'Make a step' });
    await make.click();
    const text = page.getByText(/^Step [\d\s]+ of \d+ images/);
    const numberOf = async () =>
      Number(/^Step ([\d\s]+) of/.exec((await text.textContent()) ?? '')?.[1]?.replace(/\D/g, ''));
    const first = await numberOf();
    await make.click();
    await expect.poll(numberOf).toBe(first + 1);
    await page.getByRole('link', { name: 'Train' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('tells a wrong setting beside its field, and a wrong link in words', async () => {
    const { page } = await stage.open('#/train?recipe=mnist&epochs=-3');
    await page.getByText('This link holds a recipe that cannot be used').waitFor();
    await page.getByText('Change it').click();
    await page.getByRole('textbox', { name: 'Learning rate' }).fill('fast');
    await page.getByText('expected a number above 0').first().waitFor();
    expect(await page.getByRole('button', { name: 'Train', exact: true }).isDisabled()).toBe(true);
  });

  test('a training that blows up ends in words, and the next one works', async () => {
    const { page } = await stage.open('#/train?recipe=mnist&epochs=1&data=first&lr=1e30');
    const begin = page.getByRole('button', { name: 'Train', exact: true });
    await begin.click();
    await page.getByText('A lower learning rate usually helps').waitFor();
    await page.getByText('Change it').click();
    await page.getByRole('textbox', { name: 'Learning rate' }).fill('0.1');
    await begin.click();
    await page.getByText('Done', { exact: true }).waitFor();
  });

  test('a worker that cannot start is told in words, and another try works', async () => {
    const { page } = await stage.open('#/understand/formulas');
    await page.route('**/worker-*.js', (route) => route.abort());
    await page.getByRole('link', { name: 'Train' }).click();
    await page.getByText('The worker that trains has stopped').waitFor();
    await page.unroute('**/worker-*.js');
    await page.goto(`${page.url().split('#')[0]}${QUICK}`);
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByText('Done', { exact: true }).waitFor();
  });

  test('data that do not come are told in words, and come from the cache later', async () => {
    const { page } = await stage.open(QUICK);
    await page.route('**/data/**', (route) => route.abort());
    const begin = page.getByRole('button', { name: 'Train', exact: true });
    await begin.click();
    await page.getByText('Check the connection and try again').waitFor();
    await page.unroute('**/data/**');
    await begin.click();
    await page.getByText('Done', { exact: true }).waitFor();
    await page.route('**/data/*.bin', (route) => route.abort());
    await page.reload();
    await begin.click();
    await page.getByText('Done', { exact: true }).waitFor();
  });
});
