import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { SEVEN } from './draw-on.js';
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

  /** The middle of an element, once it is there, as `x,y`. */
  const placeOf = async (context: string, selector: string) => {
    const text = await firefox.evaluate(
      context,
      `(async () => {
        for (;;) {
          const element = document.querySelector(${JSON.stringify(selector)});
          if (element) {
            element.scrollIntoView({ block: 'center' });
            const { left, top, width, height } = element.getBoundingClientRect();
            return [left, top, width, height].join();
          }
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      })()`,
    );
    const [left, top, width, height] = text.split(',').map(Number) as [
      number,
      number,
      number,
      number,
    ];
    return (x: number, y: number) => ({
      x: Math.round(left + x * width),
      y: Math.round(top + y * height),
    });
  };
  const until = (context: string, condition: string) =>
    firefox.evaluate(
      context,
      `(async () => {
        while (!(${condition})) await new Promise((resolve) => setTimeout(resolve, 50));
        return 'yes';
      })()`,
    );
  const drawSeven = (pointerType: 'mouse' | 'touch', at: (x: number, y: number) => object) => ({
    type: 'pointer',
    id: pointerType,
    parameters: { pointerType },
    actions: [
      { type: 'pointerMove', ...at(SEVEN[0]![0], SEVEN[0]![1]) },
      { type: 'pointerDown', button: 0 },
      ...SEVEN.slice(1).map(([x, y]) => ({ type: 'pointerMove', duration: 40, ...at(x, y) })),
      { type: 'pointerUp', button: 0 },
    ],
  });

  test.each(['mouse', 'touch'] as const)(
    'reads what is drawn by %s beside the network, and is slowed and stepped by keyboard',
    async (pointerType) => {
      const context = await firefox.open(
        `${server.address}?${pointerType}#/train?recipe=mnist&epochs=2&data=first`,
      );
      const at = await placeOf(context, '.net .pad');
      await firefox.perform(context, drawSeven(pointerType, at));
      await until(context, `document.querySelector('.net .pad canvas:not(.faint)')`);
      const press = (value: string) => ({
        type: 'key',
        id: 'keyboard',
        actions: [
          { type: 'keyDown', value },
          { type: 'keyUp', value },
        ],
      });
      const focus = (selector: string) =>
        firefox.evaluate(context, `(document.querySelector('${selector}').focus(), 'done')`);
      const HOME = '\uE011';
      const END = '\uE010';
      await focus('.controls input[type=range]');
      await firefox.perform(context, press(HOME));
      await until(context, `document.body.textContent.includes('a step a second')`);
      await focus('.controls .primary');
      await firefox.perform(context, press('\uE007'));
      await until(context, `document.querySelector('.controls .primary').textContent === 'Pause'`);
      await focus('.controls input[type=range]');
      await firefox.perform(context, press(END));
      await until(context, `document.querySelector('.state').textContent === 'Done'`);
      await until(context, `document.querySelector('.net-outputs .best b')?.textContent === '7'`);
      await firefox.evaluate(
        context,
        `(localStorage.clear(), caches.delete('bitgrad-kept').then(() => 'done'))`,
      );
    },
  );
});
