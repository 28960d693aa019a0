import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { encodeDrawing } from '../../src/state/drawing-text.js';
import { PAD_SIZE } from '../../src/views/draw/pad-size.js';
import { EXPERIMENTS } from '../../src/views/train/experiments-list.js';
import { drawOn, SEVEN } from './draw-on.js';
import { asFile } from './trained.js';
import { dropFiles, openView } from './wait.js';

const FLOWERS = fileURLToPath(new URL('../../../../examples/data/flowers.csv', import.meta.url));
const CONVOLUTION = '28x28,conv8:5/2,norm,pool,conv16,norm,gap,10';
const FIRST = '#/train?recipe=mnist&data=first';
const QUICK = `${FIRST}&epochs=2`;
/** A line of numbers, as a table. */
const LINE = `x;y\n${Array.from({ length: 60 }, (_, at) => `${at};${1.5 * at + 2}`).join('\n')}`;
/** No digit at all, and the network has no idea either. */
const SCRIBBLE = encodeDrawing([
  [
    { x: 70, y: 80 },
    { x: 90, y: 100 },
    { x: 110, y: 80 },
    { x: 70, y: 70 },
  ],
]);
const DRAWING = encodeDrawing([SEVEN.map(([x, y]) => ({ x: x * PAD_SIZE, y: y * PAD_SIZE }))]);

/** A way through the page, on which states are met. */
export interface Walk {
  readonly name: string;
  readonly hash: string;
  readonly go: (page: Page, meet: Meet, files: Files) => Promise<void>;
}

/** Looks at the page as it stands, in a state of this name. */
export type Meet = (state: string) => Promise<void>;

/** What is opened on the way. */
export interface Files {
  readonly model: Uint8Array;
  readonly digest: string;
  /** A folder with folders of images. */
  readonly images: string;
}

/** The same weights as another program would have written them. */
function withoutReceipt(model: Uint8Array): Uint8Array {
  const bytes = Buffer.from(model);
  const end = 8 + Number(bytes.readBigUInt64LE());
  const { __metadata__: _, ...tensors } = JSON.parse(bytes.subarray(8, end).toString());
  const header = Buffer.from(JSON.stringify(tensors).padEnd(end - 8));
  return Buffer.concat([bytes.subarray(0, 8), header, bytes.subarray(end)]);
}

const press = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).first().click();
const slide = (page: Page, name: string, key: string) =>
  page.getByRole('slider', { name }).press(key);
const tiles = (page: Page) => page.getByRole('group', { name: 'The weights' }).waitFor();
const done = (page: Page) => page.getByText('Done', { exact: true }).waitFor();
const train = async (page: Page) => {
  await press(page, 'Train');
  await done(page);
};
const choose = (page: Page, label: string, file: Parameters<typeof asFile>[1] | string) =>
  page
    .getByLabel(label)
    .setInputFiles(typeof file === 'string' ? file : asFile('model.safetensors', file));

export const WALKS: readonly Walk[] = [
  {
    name: 'a training',
    hash: `${FIRST}&epochs=500`,
    async go(page, meet) {
      await tiles(page);
      await meet('first view');
      await page.getByText('Change it').click();
      await meet('recipe open');
      await page.getByRole('textbox', { name: 'Learning rate' }).fill('fast');
      await page.getByText('expected a number above 0').first().waitFor();
      await meet('wrong setting');
      await page.getByRole('textbox', { name: 'Learning rate' }).fill('0.1');
      await drawOn(page, SEVEN, '.net .pad');
      await slide(page, 'Speed', 'Home');
      await press(page, 'Train');
      await page.getByText('a step a second').waitFor();
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      await meet('slowed');
      await slide(page, 'Speed', 'End');
      await page.getByText('Epoch 50 of 500').waitFor({ state: 'attached' });
      await meet('training');
      await press(page, 'Pause');
      await page.locator('.state', { hasText: 'Paused' }).waitFor();
      await page.locator('.net-outputs .best', { hasText: '7' }).waitFor();
      await meet('paused, and a digit is read');
      await slide(page, 'Rewind', 'Home');
      await meet('rewound');
    },
  },
  {
    name: 'what was learned',
    hash: QUICK,
    async go(page, meet) {
      await train(page);
      await meet('done');
      await page.getByRole('button', { name: 'Neuron 3' }).first().click();
      await page.getByText('What excites it most').waitFor();
      await meet('a neuron');
      await page.getByRole('switch', { name: 'It speaks' }).click();
      await page.getByText(/^[\d.]+\s%\s→/).waitFor();
      await meet('a neuron is off');
      await press(page, 'Put everything back');
      await page.locator('.neuron [role=application]').focus();
      for (const key of ['ArrowUp', ' ', 'ArrowRight', ' ']) await page.keyboard.press(key);
      await page.getByText(/^[\d.]+\s%\s→/).waitFor();
      await meet('a neuron is painted');
      await openView(page, '#/understand');
      await page.locator('[data-cell="4-9"]').click();
      await meet('mistakes');
      await openView(page, '#/understand/image');
      await page.getByText('The evidence for').waitFor();
      await meet('one image');
      await openView(page, '#/understand/step');
      await press(page, 'Make a step');
      await page.getByText('Down to one weight').waitFor();
      await meet('one step');
      await openView(page, '#/understand/formulas');
      await meet('formulas');
      await openView(page, '#/draw');
      await meet('empty pad');
      await drawOn(page, SEVEN);
      await page.getByRole('heading', { name: /a \d$/ }).waitFor();
      await meet('drawn');
      await page.getByRole('button', { name: /^It was an? 1/ }).click();
      await meet('a digit is kept');
    },
  },
  {
    name: 'two hidden layers',
    hash: `${QUICK}&layers=784,24,16,10`,
    async go(page, meet) {
      await train(page);
      await page.getByRole('button', { name: 'Neuron 3' }).first().hover();
      await page.locator('.net-words').getByText('Neuron 3').waitFor();
      await meet('two hidden layers');
    },
  },
  {
    name: 'a convolution',
    hash: `#/train?recipe=mnist&subset=640&epochs=2&layers=${CONVOLUTION}`,
    async go(page, meet) {
      await train(page);
      await meet('convolution');
      await page.getByRole('button', { name: 'Filter 3' }).first().click();
      await page.getByText('What excites it most').waitFor();
      await meet('a filter');
    },
  },
  {
    name: 'by hand',
    hash: '#/understand/hand',
    async go(page, meet) {
      await page.getByText(/^Slope/).waitFor();
      await meet('by hand');
      await page.getByRole('radio', { name: '8' }).check();
      await page.getByText('and the 8 from').waitFor();
      await page.getByRole('button', { name: 'Neuron 9' }).click();
      await page.getByText('From neuron 9 to output').waitFor();
      await slide(page, 'Weight', 'PageUp');
      await meet('a weight is dragged');
    },
  },
  {
    name: 'experiments',
    hash: QUICK,
    async go(page, meet) {
      await train(page);
      for (const { name, why } of EXPERIMENTS) {
        await press(page, name);
        await page.getByText(why).waitFor();
        await page.locator('.state', { hasText: /Done|diverged|nothing/ }).waitFor();
        await meet(name);
      }
    },
  },
  {
    name: 'proof',
    hash: `${FIRST}&epochs=25`,
    async go(page, meet, { model, digest }) {
      await openView(page, '#/prove');
      await meet('nothing to prove');
      await page.getByRole('link', { name: 'To the training' }).click();
      await train(page);
      await openView(page, '#/prove');
      await page.locator('td.digest').nth(24).waitFor();
      await meet('digests');
      await press(page, 'Run both');
      await page.locator('.race .same').first().waitFor();
      await meet('proof running');
      await page.getByText('The same bits after 5 epochs').waitFor();
      await meet('proof done');
      await choose(page, 'Drop a model file', model);
      await press(page, 'Verify');
      await page.getByText('Verified. All 2 epochs').waitFor();
      await meet('verified');
      const text = Buffer.from(model).toString('latin1').replace(digest, '0'.repeat(64));
      await choose(page, 'Drop a model file', Buffer.from(text, 'latin1'));
      await press(page, 'Verify');
      await page.getByText('Not verified. Epoch 1 gives other weights').waitFor();
      await meet('not verified');
      await dropFiles(page.locator('.drop'), [
        { name: 'cut.safetensors', bytes: model.subarray(0, 5000) },
      ]);
      await page.getByText('cut.safetensors: ').waitFor();
      await meet('no model');
      await dropFiles(page.locator('.drop'), [
        { name: 'foreign.safetensors', bytes: withoutReceipt(model) },
      ]);
      await page.getByText('foreign.safetensors: expected a receipt').waitFor();
      await meet('a model of others');
    },
  },
  {
    name: 'own data',
    hash: '#/data',
    async go(page, meet, { images }) {
      await page.getByLabel('Drop a CSV file').waitFor();
      await meet('no data yet');
      await choose(page, 'Drop a CSV file', FLOWERS);
      await page.getByLabel('What to learn').waitFor();
      await meet('a table');
      await press(page, 'Learn');
      await page.getByText(/it gets [\d.]+\s% right/).waitFor();
      await press(page, 'Ask it');
      await page.getByText(/^kind: /).waitFor();
      await meet('a table is learned');
      await page.getByLabel('petal length', { exact: true }).fill('long');
      await press(page, 'Ask it');
      await page.locator('.notice').getByText('petal length').waitFor();
      await meet('a wrong question');
      await dropFiles(page.locator('footer'), [{ name: 'line.csv', bytes: Buffer.from(LINE) }]);
      await page.getByRole('heading', { name: 'line.csv' }).waitFor();
      await press(page, 'Learn');
      await page.getByText('its squared error is').waitFor();
      await press(page, 'Ask it');
      await page.getByText(/^y: /).waitFor();
      await meet('numbers are learned');
      await dropFiles(page.locator('footer'), [
        { name: 'bad.csv', bytes: Buffer.from('a,b\n1,2\n3\n') },
      ]);
      await page.locator('.notice').getByText('bad.csv: line 3').waitFor();
      await meet('no table');
      await choose(page, 'Drop a folder of images', images);
      await page.getByText('the command reads the same bits').waitFor();
      await meet('a folder');
      await press(page, 'Learn');
      await page.getByText(/it gets [\d.]+\s% right/).waitFor();
      await choose(page, 'Ask it about a picture', `${images}/red/3.png`);
      await page.locator('.verdict', { hasText: 'red' }).waitFor();
      await meet('a folder is learned');
    },
  },
  {
    name: 'a link with a drawing',
    hash: `#/draw?drawing=${DRAWING}`,
    async go(page, meet) {
      await page.getByText('Somebody drew this and sent it to you').waitFor();
      await page.getByRole('heading', { name: /a 7$/ }).waitFor();
      await meet('a drawing was sent');
      await openView(page, `#/draw?drawing=${SCRIBBLE}`);
      await page.getByRole('heading', { name: 'I can’t tell' }).waitFor();
      await meet('it cannot tell');
      await page.emulateMedia({ forcedColors: 'active' });
      await meet('in the colours of the system');
      await page.emulateMedia({ forcedColors: 'none' });
    },
  },
  {
    name: 'a link with a recipe',
    hash: `${QUICK}&seed=7&digest=${'0'.repeat(64)}`,
    async go(page, meet) {
      await page.getByText('Seed 7.').waitFor();
      await meet('a recipe was sent');
      await train(page);
      await meet('another digest than was sent');
    },
  },
  {
    name: 'errors',
    hash: '#/train?recipe=mnist&epochs=-3',
    async go(page, meet) {
      await page.getByText('This link holds a recipe that cannot be used').waitFor();
      await meet('a wrong link');
      await page.context().setOffline(true);
      await press(page, 'Train');
      await page.getByText('this device is offline').waitFor();
      await meet('offline');
    },
  },
  {
    name: 'with little motion',
    hash: QUICK,
    async go(page, meet) {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await drawOn(page, SEVEN, '.net .pad');
      await train(page);
      await meet('train');
      await page.getByRole('button', { name: 'Erase them from this device' }).click();
      await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
      await meet('erased');
    },
  },
  {
    name: 'from right to left',
    hash: QUICK,
    async go(page, meet) {
      await page.evaluate(() => {
        document.documentElement.dir = 'rtl';
      });
      await train(page);
      for (const view of ['#/train', '#/draw', '#/understand', '#/prove', '#/data']) {
        await openView(page, view);
        await meet(view.slice(2));
      }
    },
  },
  {
    name: 'on paper',
    hash: QUICK,
    async go(page, meet) {
      await train(page);
      await page.emulateMedia({ media: 'print' });
      await meet('train');
      await page.emulateMedia({ media: 'screen' });
      await openView(page, '#/prove');
      await page.locator('td.digest').nth(1).waitFor();
      await page.emulateMedia({ media: 'print' });
      await meet('prove');
    },
  },
];
