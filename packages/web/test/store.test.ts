import { readFile } from 'node:fs/promises';
import { type Dataset, datasetSha256, inputSha256 } from '@bitgrad/core';
import { loadMnist } from '@bitgrad/formats';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DataStore, type LoadProgress } from '../src/data/store.js';

const FOLDER = 'http://page/data/';
/** What a file's bytes become on their way; by default they stay as they are. */
let onTheWay: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

beforeEach(() => {
  onTheWay = (bytes) => bytes;
  vi.stubGlobal('fetch', async (url: string) => {
    const path = new URL(`../public/data/${url.slice(FOLDER.length)}`, import.meta.url);
    const bytes = Uint8Array.from(await readFile(path));
    return new Response(url.endsWith('.bin') ? onTheWay(bytes) : bytes);
  });
});
afterEach(() => vi.unstubAllGlobals());

const inputsOf = ({ inputs }: Dataset) => inputs as Uint8Array;

describe('the data that the page loads', () => {
  test('are MNIST, binarised, and know the digest of the raw bytes', async () => {
    const progress: LoadProgress[] = [];
    const dataset = await new DataStore(FOLDER, (one) => progress.push(one)).dataset('all', false);
    const mnist = await loadMnist();
    expect(dataset).toMatchObject({ name: 'mnist', trainCount: 60_000, testCount: 10_000 });
    expect(dataset.sha256).toBe(await datasetSha256(mnist));
    expect(await inputSha256(dataset, 'binarize')).toBe(await inputSha256(mnist, 'binarize'));
    expect(inputsOf(dataset).every((value) => value <= 1)).toBe(true);
    const { receivedBytes, totalBytes } = progress.at(-1)!;
    expect(receivedBytes).toBe(totalBytes);
    // The page promises its readers how much they load.
    expect(totalBytes).toBeLessThan(2e6);
  });

  test('with the grey values are the raw bytes themselves', async () => {
    const store = new DataStore(FOLDER, () => undefined);
    const [, grey] = await Promise.all([store.dataset('all', false), store.dataset('all', true)]);
    expect(grey.sha256).toBeUndefined();
    expect(await datasetSha256(grey)).toBe(await datasetSha256(await loadMnist()));
    // Whoever asks later is given the same bytes, and no digest that would not be theirs.
    expect((await store.dataset('all', false)).sha256).toBeUndefined();
  });

  test('the first part has a name of its own', async () => {
    const dataset = await new DataStore(FOLDER, () => undefined).dataset('first', false);
    expect(dataset).toMatchObject({ name: 'mnist-first', trainCount: 6000, testCount: 1000 });
    expect(dataset.sha256).toBeUndefined();
  });

  test.each([
    [
      'damaged',
      (bytes: Uint8Array<ArrayBuffer>) =>
        bytes.map((value, at) => (at === 9000 ? value ^ 1 : value)),
    ],
    ['cut off', (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, -100)],
  ])('that are %s are refused, and a second try works', async (_, damage) => {
    const store = new DataStore(FOLDER, () => undefined);
    onTheWay = damage;
    await expect(store.dataset('first', false)).rejects.toMatchObject({
      name: 'BitgradError',
      fix: 'Check the connection and try again.',
    });
    onTheWay = (bytes) => bytes;
    expect((await store.dataset('first', false)).trainCount).toBe(6000);
  });
});
