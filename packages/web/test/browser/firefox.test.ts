import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RECIPES } from '@bitgrad/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { encodeDrawing } from '../../src/state/drawing-text.js';
import { PAD_SIZE } from '../../src/views/draw/pad-size.js';
import { EXPERIMENTS } from '../../src/views/train/experiments-list.js';
import { SEVEN } from './draw-on.js';
import { Firefox } from './firefox.js';
import { element, Hands, KEYS } from './firefox-hands.js';
import { makeImageFolder } from './image-folder.js';
import { servePage } from './static-server.js';
import { SHORT_RECIPE, trainInNode } from './trained.js';
import { AXE } from './wait.js';

const AXE_SCRIPT = readFileSync(AXE, 'utf8');
const FLOWERS = fileURLToPath(new URL('../../../../examples/data/flowers.csv', import.meta.url));
const BEST = `document.querySelector('.net-outputs .best b')?.textContent`;

describe.skipIf(missing('firefox'))('the page in Firefox, by hand', () => {
  let firefox: Firefox;
  let server: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    [firefox, server] = await Promise.all([Firefox.launch(), servePage()]);
  });
  afterAll(async () => {
    await firefox?.close();
    await server?.close();
  });

  /** Opens the page anew: what the page before kept is gone. */
  let visits = 0;
  const open = async (hash: string) => {
    visits += 1;
    const context = await firefox.open(`${server.address}icon.svg`);
    await firefox.evaluate(
      context,
      `(localStorage.clear(), caches.delete('bitgrad-kept').then(() => 'done'))`,
    );
    await firefox.open(`${server.address}?${visits}${hash}`);
    firefox.complaints();
    const axe = async () => {
      await firefox.evaluate(context, `((0, eval)(${JSON.stringify(AXE_SCRIPT)}), 'done')`);
      const text = await firefox.evaluate(
        context,
        `axe.run().then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => id + ': ' + nodes[0].html)))`,
      );
      return JSON.parse(text) as string[];
    };
    return { hands: new Hands(firefox, context), axe };
  };
  const go = (name: string) => element('nav a', name);
  const done = `document.querySelector('.state').textContent === 'Done'`;
  /** Goes to Prove, and reads the digests of so many epochs, the first first. */
  const digestsOf = async (hands: Hands, epochs: number) => {
    await hands.press(go('Prove'));
    await hands.until(`document.querySelectorAll('td.digest').length === ${epochs}`);
    const digests = await firefox.evaluate(
      await firefox.context(),
      `[...document.querySelectorAll('td.digest')].map((cell) => cell.textContent).join()`,
    );
    return digests.split(',').reverse();
  };

  /** What Chromium is asked too. */
  const testLong = test.skipIf(missing('long'));

  test('the main job ends with the bits of Node: another engine, the same digests', async () => {
    const { hands } = await open('#/train?recipe=mnist&epochs=2');
    await hands.press(element('button', 'Train'));
    await hands.until(done);
    const { receipt } = await trainInNode(SHORT_RECIPE);
    expect(await digestsOf(hands, SHORT_RECIPE.epochs)).toEqual(receipt.epochs);
    expect(firefox.complaints()).toEqual([]);
  });

  test.each(missing('long') ? (['touch'] as const) : (['mouse', 'touch'] as const))(
    'by %s: a digit is drawn beside the network, which learns slowly, at full speed, and is rewound',
    async (pointer) => {
      const { hands, axe } = await open('#/train?recipe=mnist&epochs=2&data=first');
      await hands.drag(element('.net .pad'), SEVEN, pointer);
      await hands.until(`document.querySelector('.net .pad canvas:not(.faint)')`);
      await hands.type(element('.controls input[type=range]'), KEYS.Home);
      await hands.press(element('button', 'Train'), pointer);
      await hands.untilText('a step a second');
      await hands.press(element('button', 'Pause'), pointer);
      await hands.press(element('button', 'One step'), pointer);
      await hands.type(element('.controls input[type=range]'), KEYS.End);
      await hands.press(element('button', 'Resume'), pointer);
      await hands.until(done);
      await hands.until(`${BEST} === '7'`);
      const rewind = element('.tiles .timeline input');
      await hands.until(`${rewind}.getAttribute('aria-valuetext').includes('epoch 2')`);
      await hands.type(rewind, KEYS.Home);
      await hands.until(`${rewind}.getAttribute('aria-valuetext').includes('step 0')`);
      expect(await axe()).toEqual([]);
      expect(firefox.complaints()).toEqual([]);
    },
  );

  testLong(
    'a convolution trains at one press; a filter is touched, dragged and switched off; the bits are Node’s',
    async () => {
      const { hands, axe } = await open('#/train?recipe=mnist&subset=640');
      const { name, change } = EXPERIMENTS.at(-1)!;
      await hands.drag(element('.net .pad'), SEVEN);
      await hands.press(element('.experiments button', name));
      await hands.untilText('a stroke that is learned at one place');
      await hands.until(done);
      await hands.hover(element('.unit', 'Filter 3'));
      await hands.untilText('Where it finds most in this image');
      await hands.press(element('.unit', 'Filter 3'));
      const image = element('.kernel-image');
      await hands.drag(image, [
        [0.2, 0.2],
        [0.6, 0.6],
        [0.999, 0.999],
      ]);
      await hands.untilText('At column 13, row 13');
      await hands.type(image, KEYS.ArrowRight);
      await hands.untilText('What excites it most');
      await hands.press(element('[role=switch]'));
      await hands.until(`/%\\s→/.test(document.querySelector('.neuron-off').innerText)`);
      expect(await axe()).toEqual([]);
      const { receipt } = await trainInNode({ ...RECIPES.mnist!, subset: 640, ...change });
      expect(await digestsOf(hands, change.epochs!)).toEqual(receipt.epochs);
      expect(firefox.complaints()).toEqual([]);
    },
  );

  testLong(
    'blame by hand, one step, a shared drawing, and both backends side by side',
    async () => {
      const { hands, axe } = await open('#/train?recipe=mnist&epochs=1&data=first&subset=640');
      await hands.drag(element('.net .pad'), SEVEN);
      await hands.press(element('button', 'Train'));
      await hands.until(done);
      await hands.press(go('Understand'));
      await hands.press(element('.parts a', 'By hand'));
      await hands.untilText('Slope');
      await hands.type(element('.hand-weight .wide input'), KEYS.ArrowRight);
      expect(await axe()).toEqual([]);
      await hands.press(element('.parts a', 'One step'));
      await hands.untilText('Down to one weight');
      await hands.press(go('Draw'));
      await hands.until(`/drawing=/.test(document.body.textContent)`);
      expect(await axe()).toEqual([]);
      await hands.press(go('Prove'));
      await hands.press(element('button', 'Run both'));
      await hands.untilText('The same bits after one epoch');
      expect(await axe()).toEqual([]);
      expect(firefox.complaints()).toEqual([]);
    },
  );

  testLong('a table of one’s own is chosen, learned and asked', async () => {
    const { hands, axe } = await open('#/data');
    const context = await firefox.context();
    await hands.until(element('.data-open input[type=file]'));
    await firefox.chooseFiles(context, '.data-open input[type=file]', [FLOWERS]);
    await hands.press(element('button', 'Learn'));
    await hands.untilText('% right');
    await hands.press(element('button', 'Ask it'));
    await hands.until(`document.querySelector('.verdict')?.textContent.startsWith('kind: ')`);
    expect(await axe()).toEqual([]);
    expect(firefox.complaints()).toEqual([]);
  });

  testLong(
    'a folder of images of one’s own is chosen, learned, and asked about a picture',
    async () => {
      const root = mkdtempSync(join(tmpdir(), 'bitgrad-firefox-images-'));
      const folder = await makeImageFolder(root, 'png');
      const { hands, axe } = await open('#/data');
      const context = await firefox.context();
      const images = ['blue', 'red'].flatMap((name) =>
        readdirSync(join(folder, name)).map((file) => ({
          path: `png/${name}/${file}`,
          base64: readFileSync(join(folder, name, file)).toString('base64'),
        })),
      );
      rmSync(root, { recursive: true });
      const field = element('input[webkitdirectory]');
      await hands.until(field);
      // Only a dialogue of the system's can choose a folder here: its answer is put into the field.
      await firefox.evaluate(
        context,
        `(() => {
        const files = ${JSON.stringify(images)}.map(({ path, base64 }) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const file = new File([bytes], path.split('/').at(-1), { type: 'image/png' });
          return Object.defineProperty(file, 'webkitRelativePath', { value: path });
        });
        const field = ${field};
        Object.defineProperty(field, 'files', { value: files, configurable: true });
        field.dispatchEvent(new Event('change', { bubbles: true }));
        return 'done';
      })()`,
      );
      await hands.untilText('16 images in 2 classes');
      await hands.untilText('the command reads the same bits');
      await hands.press(element('button', 'Learn'));
      await hands.untilText('% right');
      expect(await axe()).toEqual([]);
      expect(firefox.complaints()).toEqual([]);
    },
  );

  testLong(
    'a link brings a drawing and a recipe; the device’s own way of sharing gets it; a wrong one is told',
    async () => {
      const drawing = encodeDrawing([
        SEVEN.map(([x, y]) => ({ x: x * PAD_SIZE, y: y * PAD_SIZE })),
      ]);
      const recipe = 'recipe=mnist&epochs=1&data=first&subset=640&seed=7';
      const { hands } = await open(`#/train?${recipe}&drawing=${drawing}`);
      const context = await firefox.context();
      await hands.untilText('Seed 7.');
      await hands.until(`document.querySelector('.net .pad canvas:not(.faint)')`);
      await firefox.evaluate(
        context,
        `(Object.defineProperty(navigator, 'share', { value: async ({ url }) => { document.title = url } }), 'done')`,
      );
      await hands.press(go('Prove'));
      await hands.press(element('button', 'Share'));
      await hands.until(`document.title.includes(${JSON.stringify('seed=7')})`);
      await hands.until(`document.title.includes(${JSON.stringify(`drawing=${drawing}`)})`);
      await firefox.evaluate(context, `(location.hash = '#/draw?drawing=!', 'done')`);
      await hands.untilText('a drawing that cannot be read');
      expect(firefox.complaints()).toEqual([]);
    },
  );
});
