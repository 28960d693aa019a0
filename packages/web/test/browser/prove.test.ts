import { readFile } from 'node:fs/promises';
import { decodeModel } from '@bitgrad/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { openStage, type Stage } from './chromium.js';
import { asFile, SHORT_RECIPE, trainInNode } from './trained.js';
import { dropFiles } from './wait.js';

describe.skipIf(missing('browser'))('the page proves', () => {
  let stage: Stage;
  let node: Awaited<ReturnType<typeof trainInNode>>;
  beforeAll(async () => {
    [stage, node] = await Promise.all([openStage(), trainInNode(SHORT_RECIPE)]);
  });
  afterAll(() => stage?.close());

  const backends = [
    ['wasm', 'WebAssembly'],
    ['ts', 'TypeScript'],
  ] as const;
  test.each(missing('long') ? backends.slice(0, 1) : backends)(
    'a shared recipe trains to the bits of Node on %s, and so is the saved model',
    async (backend, label) => {
      const digest = node.receipt.weightsSha256;
      const { page, complaints } = await stage.open(
        `#/train?recipe=mnist&epochs=2&digest=${digest}`,
      );
      await page.getByText('Change it').click();
      await page.getByLabel(label).check();
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await page.getByText('Done', { exact: true }).waitFor();
      await page.getByRole('link', { name: 'Prove' }).click();
      await expect
        .poll(() => page.locator('td.digest').allTextContents())
        .toEqual([...node.receipt.epochs].reverse());
      await page.getByText('The same bits. This device').waitFor();
      await page.getByText('bitgrad train --recipe mnist --epochs 2', { exact: true }).waitFor();

      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save the model' }).click(),
      ]);
      const saved = await decodeModel(await readFile(await download.path()), 'saved');
      expect(JSON.stringify(saved.receipt)).toBe(JSON.stringify(node.receipt));
      expect(saved.run.backend).toBe(backend);
      expect(complaints).toEqual([]);
    },
  );

  test('a link made on one device brings another to the same bits, or says that it did not', async () => {
    const trainAt = async (hash: string) => {
      const { page } = await stage.open(hash);
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await page.getByText('Done', { exact: true }).waitFor();
      await page.getByRole('link', { name: 'Prove' }).click();
      return page;
    };
    const sender = await trainAt(
      '#/train?recipe=mnist&epochs=1&data=first&seed=7&layers=784,12,10',
    );
    const link = await sender.getByText(/#\/train\?recipe=/).textContent();
    const { hash } = new URL(link!);
    expect(hash).toContain('seed=7');
    const receiver = await trainAt(hash);
    await receiver.getByText('The same bits. This device').waitFor();
    const other = await trainAt(hash.replace('seed=7', 'seed=8'));
    await other.getByText('Other bits').waitFor();
  });

  test('a model that is chosen shows its receipt and is verified epoch by epoch', async () => {
    const { page, complaints } = await stage.open('#/prove');
    await page.getByLabel('Drop a model file').setInputFiles(asFile('theirs', node.file));
    await page.getByText(node.receipt.weightsSha256).waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('Verified. All 2 epochs').waitFor();
    await expect.poll(() => page.getByText('the same', { exact: true }).count()).toBe(2);
    expect(complaints).toEqual([]);
  });

  test('a receipt that lies is found out at the epoch where it does', async () => {
    const lie = '0'.repeat(64);
    const text = Buffer.from(node.file).toString('latin1');
    const forged = Buffer.from(text.replace(node.receipt.epochs[0]!, lie), 'latin1');
    const { page } = await stage.open('#/prove');
    await page.getByLabel('Drop a model file').setInputFiles(asFile('forged', forged));
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('Not verified. Epoch 1 gives other weights').waitFor();
  });

  test('a broken file that is dropped is refused in words, and a good one is verified after it', async () => {
    const { page, complaints } = await stage.open('#/prove');
    const drop = (bytes: Uint8Array) =>
      dropFiles(page.locator('.drop'), [{ name: 'dropped.safetensors', bytes }]);
    await drop(node.file.subarray(0, 5000));
    await page.getByText('dropped.safetensors: ').waitFor();
    await expect.poll(() => page.locator('.receipt').count()).toBe(0);
    await drop(node.file);
    await page.getByText(node.receipt.weightsSha256).waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('Verified. All 2 epochs').waitFor();
    expect(complaints).toEqual([]);
  });
});
