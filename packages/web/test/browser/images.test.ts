import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decodeModel } from '@bitgrad/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { openStage, type Stage } from './chromium.js';
import { makeImageFolder } from './image-folder.js';
import { violationsOf } from './wait.js';

const COMMAND = fileURLToPath(new URL('../../../cli/bin/bitgrad.js', import.meta.url));

describe.skipIf(missing('browser'))('a folder of one’s own images in the page', () => {
  let stage: Stage;
  let root: string;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'bitgrad-images-'));
    await Promise.all([makeImageFolder(root, 'png'), makeImageFolder(root, 'jpeg')]);
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.close();
    rmSync(root, { recursive: true, force: true });
  });

  test('is chosen, learned to the bits of the command, asked about a picture, and saved', async () => {
    const { page, complaints } = await stage.open('#/data');
    await page.getByLabel('Drop a folder of images').setInputFiles(join(root, 'png'));
    await page.getByText('16 images in 2 classes, each made 64 by 64 pixels, in colour').waitFor();
    await page.getByText('the command reads the same bits').waitFor();
    await page.getByRole('button', { name: 'Learn' }).press('Enter');
    await page.getByText(/it gets [\d.]+\s% right/).waitFor({ timeout: 100_000 });
    await page
      .getByLabel('Ask it about a picture')
      .setInputFiles(join(root, 'jpeg', 'red', '3.jpeg'));
    await page.locator('.verdict', { hasText: 'red' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the model' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('png.safetensors');
    const saved = await decodeModel(await readFile(await download.path()), 'saved');
    const out = join(root, 'command.safetensors');
    await promisify(execFile)(process.execPath, [
      COMMAND,
      'train',
      '--data',
      join(root, 'png'),
      '--out',
      out,
    ]);
    const { receipt } = await decodeModel(readFileSync(out), 'command');
    expect(saved.receipt).toEqual(receipt);
    expect(complaints).toEqual([]);
  });

  test('other images than plain PNG are read by the browser, and that is said', async () => {
    const { page, complaints } = await stage.open('#/data');
    await page.getByLabel('Drop a folder of images').setInputFiles(join(root, 'jpeg'));
    await page.getByText('Decoders may differ in a bit').waitFor();
    await page.getByRole('img', { name: 'An image of blue' }).first().waitFor();
    expect(complaints).toEqual([]);
  });

  test('a folder that is dropped on any view is read, and a picture that is dropped after is asked about', async () => {
    const { page, complaints } = await stage.open('#/draw');
    await page.locator('.pad').waitFor();
    const devtools = await page.context().newCDPSession(page);
    const drop = async (path: string) => {
      const data = { items: [], files: [path], dragOperationsMask: 1 };
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await devtools.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
    };
    await drop(join(root, 'png'));
    await page.getByText('16 images in 2 classes').waitFor();
    await page.getByRole('button', { name: 'Learn' }).click();
    await page.getByText(/it gets [\d.]+\s% right/).waitFor({ timeout: 100_000 });
    await drop(join(root, 'jpeg', 'red', '3.jpeg'));
    await page.locator('.verdict', { hasText: 'red' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a folder that is none of images is refused in words', async () => {
    const { page, complaints } = await stage.open('#/data');
    const folder = join(root, 'mixed');
    mkdirSync(join(folder, 'cat'), { recursive: true });
    writeFileSync(join(folder, 'cat', 'notes.doc'), 'none');
    await page.getByLabel('Drop a folder of images').setInputFiles(folder);
    await page.locator('.notice').getByText('mixed/cat/notes.doc: expected PNG, JPEG').waitFor();
    mkdirSync(join(folder, 'dog'));
    rmSync(join(folder, 'cat', 'notes.doc'));
    writeFileSync(join(folder, 'cat', '1.png'), 'no image');
    writeFileSync(join(folder, 'dog', '1.png'), 'neither');
    await page.getByLabel('Drop a folder of images').setInputFiles(folder);
    await page.locator('.notice').getByText('expected 2 images that decode').waitFor();
    expect(complaints).toEqual([]);
  });
});
