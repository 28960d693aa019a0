import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { openStage, type Stage } from './chromium.js';
import { dropFiles } from './wait.js';

const FLOWERS = fileURLToPath(new URL('../../../../examples/data/flowers.csv', import.meta.url));

describe.skipIf(missing('browser'))('a table of one’s own in the page', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());

  test('is chosen, learned, asked and saved, by keyboard', async () => {
    const { page, complaints } = await stage.open('#/data');
    await page.getByLabel('Drop a CSV file').setInputFiles(FLOWERS);
    const label = page.getByLabel('What to learn');
    await label.waitFor();
    await expect.poll(() => label.inputValue()).toBe('kind');
    await page.getByRole('button', { name: 'Learn' }).press('Enter');
    await page.getByText(/it gets [\d.]+\s% right/).waitFor();
    await page.getByLabel('petal length', { exact: true }).fill('1.4');
    await page.getByLabel('petal length', { exact: true }).press('Enter');
    await page.getByText('kind: daisy').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the model' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('flowers.safetensors');
    await page.getByLabel('petal length', { exact: true }).fill('long');
    await page.getByRole('button', { name: 'Ask it' }).click();
    await page.locator('.notice').getByText('petal length').waitFor();
    expect(complaints).toEqual([]);
  });

  test('numbers are learned as numbers, from a table that is dropped on any view', async () => {
    const { page, complaints } = await stage.open('#/draw');
    const rows = Array.from({ length: 200 }, (_, at) => `${at / 7};${(at * 1.5) / 7 + 0.25}`);
    await dropFiles(page.locator('footer'), [
      { name: 'line.csv', bytes: Buffer.from(`x;y\n${rows.join('\n')}`) },
    ]);
    await page.getByRole('button', { name: 'Learn' }).click();
    await page.getByText('its squared error is').waitFor();
    await page.getByRole('button', { name: 'Ask it' }).click();
    await page.getByText(/^y: /).waitFor();
    expect(complaints).toEqual([]);
  });
});
