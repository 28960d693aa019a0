import { readFile } from 'node:fs/promises';
import { decodeModel } from '@bitgrad/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { openStage, type Stage } from './chromium.js';
import { putBefore } from './wait.js';

/** What `bitgrad train --recipe mnist` ends with, on every backend. */
const DIGEST = '6c07cd6f50694da4347f17eec54daf335869d6fdb4b087eac0f208bc0915f823';

describe.skipIf(missing('browser'))('the main job in the page', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());

  // Two of its epochs are trained to the bits of Node elsewhere.
  test.skipIf(missing('long'))(
    'reaches 97 % on WebAssembly, and ends with the command line’s weights',
    async () => {
      const { page, complaints } = await stage.open();
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await page.getByText('Done', { exact: true }).waitFor({ timeout: 110_000 });
      const accuracy = await page.getByTestId('accuracy').textContent();
      expect(Number.parseFloat(accuracy!)).toBeGreaterThanOrEqual(97);
      await page.getByRole('link', { name: 'Prove' }).click();
      await page.locator('td.digest').first().waitFor();
      await expect.poll(() => page.locator('td.digest').count()).toBe(50);
      expect(await page.locator('td.digest').first().textContent()).toBe(DIGEST);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save the model' }).click(),
      ]);
      const { run } = await decodeModel(await readFile(await download.path()), 'saved');
      expect(run).toMatchObject({ backend: 'wasm', isa: 'simd128' });
      expect(complaints).toEqual([]);
    },
  );

  test('where WebAssembly cannot be had, TypeScript serves, and the page says so', async () => {
    const { page } = await stage.open('#/train?recipe=mnist&epochs=1&data=first');
    await putBefore(page, '**/worker-*.js', 'delete self.WebAssembly');
    await page.reload();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByText('WebAssembly cannot be used here').waitFor();
    await page.getByText('Done', { exact: true }).waitFor();
    await page.getByText('Change it').click();
    await expect.poll(() => page.getByLabel('TypeScript').isChecked()).toBe(true);
  });
});
