import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { Firefox } from './firefox.js';
import { servePage } from './static-server.js';
import { SHORT_RECIPE, trainInNode } from './trained.js';

/** Presses Train, waits for the end and gives the digests that the page shows, the first first. */
const TRAIN = `(async () => {
  const until = async (find) => {
    for (;;) {
      const found = find();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const withText = (tag, text) =>
    [...document.querySelectorAll(tag)].find((element) => element.textContent.trim() === text);
  (await until(() => withText('button', 'Train'))).click();
  await until(() => withText('.state', 'Done'));
  location.hash = '#/prove';
  await until(() => document.querySelector('td.digest'));
  return [...document.querySelectorAll('td.digest')].map((cell) => cell.textContent).reverse().join();
})()`;

describe.skipIf(missing('firefox'))('the page in Firefox', () => {
  let firefox: Firefox;
  let server: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    [firefox, server] = await Promise.all([Firefox.launch(), servePage()]);
  });
  afterAll(async () => {
    await firefox?.close();
    await server?.close();
  });

  test('trains to the bits of Node: another engine, the same digests', async () => {
    const context = await firefox.open(`${server.address}#/train?recipe=mnist&epochs=2`);
    const digests = await firefox.evaluate(context, TRAIN);
    const { receipt } = await trainInNode(SHORT_RECIPE);
    expect(digests.split(',')).toEqual(receipt.epochs);
  });
});
