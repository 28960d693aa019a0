import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { openStage, type Stage } from './chromium.js';
import { dropFiles, putBefore } from './wait.js';

const QUICK = '#/train?recipe=mnist&epochs=1&data=first';
const LONG = '#/train?recipe=mnist&epochs=500&data=first';

describe.skipIf(missing('browser'))(
  'what goes wrong is told in words, and the page stays usable',
  () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage();
    });
    afterAll(() => stage?.close());

    const train = (page: Page) => page.getByRole('button', { name: 'Train', exact: true }).click();
    const done = (page: Page) => page.getByText('Done', { exact: true }).waitFor();
    /** Opens the page with some code before the worker's own. */
    const openWith = async (hash: string, code: string) => {
      const { page } = await stage.open('#/understand/formulas');
      await putBefore(page, '**/worker-*.js', code);
      await page.evaluate((next) => {
        location.hash = next;
      }, hash);
      await page.reload();
      return page;
    };

    test('a worker that dies in the midst of a training', async () => {
      const page = await openWith(
        LONG,
        'setTimeout(() => { throw new Error("out of luck"); }, 4000)',
      );
      await train(page);
      await page.getByText('The worker that trains has stopped').waitFor();
      await page.getByText('out of luck').waitFor();
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await page.goto(`${page.url().split('#')[0]}${QUICK}`);
      await train(page);
      await done(page);
    });

    test.skipIf(missing('long'))(
      'a browser whose WebAssembly has no SIMD: TypeScript serves',
      async () => {
        const page = await openWith(QUICK, 'WebAssembly.validate = () => false');
        await train(page);
        await page.getByText('received one without').waitFor();
        await page.getByText('TypeScript serves instead').waitFor();
        await done(page);
      },
    );

    test('a wrong file dropped beside the marked place, on any view: the page stays, and tells', async () => {
      const { page, complaints } = await stage.open('#/draw');
      await dropFiles(page.locator('footer'), [
        { name: 'holiday.safetensors', bytes: Buffer.from('not a model') },
      ]);
      const words = page.getByText('holiday.safetensors: expected a safetensors file');
      await words.waitFor();
      // In sight, however far down the page stands.
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      const top = () => words.boundingBox().then((box) => box!.y);
      await expect.poll(top).toBeGreaterThanOrEqual(0);
      await expect.poll(top).toBeLessThan(200);
      expect(complaints).toEqual([]);
    });

    test('a reset, and a new training in the same moment', async () => {
      const { page, complaints } = await stage.open(LONG);
      await train(page);
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      await page.goto(`${page.url().split('#')[0]}${QUICK}`);
      await page.evaluate(async () => {
        const press = (name: string) =>
          [...document.querySelectorAll('button')].find((one) => one.textContent === name)?.click();
        press('Reset');
        // Preact draws after this task.
        await new Promise((resolve) => setTimeout(resolve));
        press('Train');
      });
      await done(page);
      await expect.poll(() => page.locator('.notice').count()).toBe(0);
      expect(complaints).toEqual([]);
    });
  },
);
