import { join } from 'node:path';
import type { Dataset } from '@bitgrad/core';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import type { LoadOptions } from '../src/options.js';
import { withParquet } from '../src/parquet/file.js';
import { type ImageFiles, readParquetImages } from '../src/parquet/images.js';
import { readParquet } from '../src/parquet/parquet-dataset.js';
import { errorOf } from './temporary.js';
import { imageSchema, pngBytes, temporaryTree } from './writers.js';

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData'];
type Label = number | bigint | string | boolean | null;

/** A grey image of one pixel. */
const picture = (grey: number): Buffer => pngBytes([[0, grey]], { width: 1, height: 1 });
const plain = (greys: readonly number[]) => greys.map((grey) => Uint8Array.from(picture(grey)));

const bytesOf = (columnData: Columns): Buffer => Buffer.from(parquetWriteBuffer({ columnData }));
const file = (greys: readonly number[], labels: readonly Label[], type?: 'INT32' | 'STRING') =>
  bytesOf([
    { name: 'image', data: plain(greys), type: 'BYTE_ARRAY' },
    { name: 'label', data: [...labels], ...(type && { type }) },
  ]);

const SIZE: LoadOptions = { imageSize: { height: 1, width: 1 } };

/** Reads parts of files by their contents. */
async function load(
  parts: Readonly<Record<keyof ImageFiles, readonly Buffer[]>>,
  options: LoadOptions = {},
): Promise<Dataset> {
  const all = Object.entries(parts).flatMap(([part, files]) =>
    files.map((bytes, at): [string, Buffer] => [`${part}-${at}`, bytes]),
  );
  const folder = temporaryTree(Object.fromEntries(all));
  const paths = (part: keyof ImageFiles) =>
    parts[part].map((_, at) => join(folder, `${part}-${at}`));
  const files = { train: paths('train'), validation: paths('validation'), test: paths('test') };
  return readParquet('data', files, { ...SIZE, ...options });
}
const train = (bytes: Buffer, options?: LoadOptions) =>
  load({ train: [bytes], validation: [], test: [] }, options);

describe('images in Parquet files', () => {
  const parts = {
    train: [file([1, 2, 3], [5, 7, 5]), file([4], [7])],
    validation: [file([5, 6], [7, 7]), file([7, 8, 9], [5, 5, 7])],
    test: [file([10], [5]), file([11, 12], [7, 5])],
  };

  test('come part by part, file by file', async () => {
    const { inputs, labels, ...rest } = await load(parts);
    expect([...inputs]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect([...labels]).toEqual([0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0]);
    expect(rest).toEqual({
      name: 'data',
      features: 1,
      image: { height: 1, width: 1 },
      classes: 2,
      classNames: ['5', '7'],
      trainCount: 9,
      validationCount: 5,
      testCount: 3,
    });
  });

  test('by the rules of version 0.1.0 have no part to validate', async () => {
    const old = await load(parts, { rules: 1 });
    expect([...old.inputs]).toEqual([1, 2, 3, 4, 10, 11, 12]);
    expect(old).toMatchObject({ trainCount: 4, testCount: 3 });
    expect(old.validationCount).toBeUndefined();
  });

  test('may be to train alone', async () => {
    const [first] = parts.train;
    const folder = temporaryTree({ 'a.parquet': first! });
    const path = join(folder, 'a.parquet');
    const columns = await withParquet(path, async (one) => one.columns);
    const read = await readParquetImages('a', { train: [path], test: [] }, columns, SIZE);
    expect(read).toMatchObject({ trainCount: 3, testCount: 0 });
  });

  test('come in their order though they are decoded by groups', async () => {
    for (const count of [64, 65, 129]) {
      const greys = [...Array(count).keys()];
      const { inputs, labels } = await train(
        file(
          greys,
          greys.map((grey) => grey % 3),
        ),
      );
      expect([...inputs]).toEqual(greys);
      expect([...labels]).toEqual(greys.map((grey) => grey % 3));
    }
  });

  test('have classes by the training part alone, which others must know', async () => {
    const other = { ...parts, test: [file([1], [6])] };
    const { message } = await errorOf(() => load(other));
    expect(message).toMatch(
      /train-0: column "label": expected one of 2 classes \("5", "7"\), received "6"$/,
    );
    const held = { ...parts, validation: [file([1], [6])] };
    expect((await load(held)).classes).toBe(3);
  });

  test("have a model's classes", async () => {
    const like = { classes: 3, classNames: ['7', '6', '5'] };
    const read = await train(file([1, 2], [5, 7]), { like });
    expect([...read.labels]).toEqual([2, 0]);
    expect(read.classes).toBe(3);
  });

  test('that do not decode are named by their rows, or left out', async () => {
    const bytes = [...plain([1, 2]), Uint8Array.of(1), ...plain([4])];
    const damaged = bytesOf([
      { name: 'image', data: bytes, type: 'BYTE_ARRAY' },
      { name: 'label', data: [0, 1, 0, 1] },
    ]);
    expect((await errorOf(() => train(damaged))).message).toMatch(
      /train-0: row 3: expected a PNG, JPEG, WebP, GIF, TIFF or AVIF image, received/,
    );
    const { inputs, labels, notes } = await train(damaged, { skipBad: true });
    expect([...inputs]).toEqual([1, 2, 4]);
    expect([...labels]).toEqual([0, 1, 1]);
    expect(notes).toHaveLength(1);
  });

  test('need at least two classes', async () => {
    const { message } = await errorOf(() => train(file([1, 2], [0, 0])));
    expect(message).toMatch(
      /train-0: column "label": expected at least two classes, received only "0"$/,
    );
  });
});

describe('the label', () => {
  const image: Columns[number] = { name: 'image', data: plain([1, 2]), type: 'BYTE_ARRAY' };
  const other: Columns[number] = { name: 'other', data: ['x', 'y'], type: 'STRING' };
  const label: Columns[number] = { name: 'label', data: ['b', 'a'], type: 'STRING' };
  const third: Columns[number] = { name: 'third', data: ['q', 'p'], type: 'STRING' };
  const namesOf = async (columns: Columns, options?: LoadOptions) =>
    (await train(bytesOf(columns), options)).classNames;

  test('is the column of that name, the only other one, or the one that is said', async () => {
    expect(await namesOf([image, other, label])).toEqual(['a', 'b']);
    expect(await namesOf([other, image])).toEqual(['x', 'y']);
    expect(await namesOf([image, other, label], { label: 'other' })).toEqual(['x', 'y']);
    expect(await namesOf([image, other, label], { label: 2 })).toEqual(['x', 'y']);
    const { message, fix } = await errorOf(() => namesOf([image, other, third]));
    expect(message).toMatch(
      /train-0: expected a column "label" beside the images, received "image", "other", "third"$/,
    );
    expect(fix).toBe('Say which column is the label.');
    await errorOf(() => namesOf([image, other], { label: 'none' }));
  });

  test('is in every file, as the images are', async () => {
    const without = (column: Columns[number]) => ({
      train: [bytesOf([image, label])],
      validation: [],
      test: [bytesOf([column, third])],
    });
    expect((await errorOf(() => load(without(image)))).message).toMatch(
      /test-0: expected a column "label", received "image", "third"$/,
    );
    expect((await errorOf(() => load(without(label)))).message).toMatch(
      /test-0: expected a column "image", received "label", "third"$/,
    );
  });

  test.each<[string, Columns[number]['type'], Label[], string[] | undefined]>([
    ['whole numbers', 'INT32', [1, 0], undefined],
    ['long numbers', 'INT64', [10n, -9n], ['-9', '10']],
    ['whole numbers as others are written', 'DOUBLE', [3, 20], ['3', '20']],
    ['true and false', 'BOOLEAN', [true, false], ['false', 'true']],
    ['texts', 'STRING', ['ä', 'a'], ['a', 'ä']],
  ])('may be %s', async (_, type, data, names) => {
    expect(await namesOf([image, { name: 'label', data, ...(type && { type }) }])).toEqual(names);
  });

  test.each<[string, Columns[number]['type'], Label[], RegExp]>([
    ['missing', 'STRING', ['a', null], /row 2: expected a label, received none$/],
    ['an empty text', 'STRING', ['a', ''], /row 2: expected a label, received none$/],
    ['not a number', 'DOUBLE', [1, Number.NaN], /row 2: expected a label, received none$/],
    [
      'a fraction',
      'DOUBLE',
      [1, 0.5],
      /row 2: expected a class as label, received the number 0\.5$/,
    ],
  ])('that is %s is refused', async (_, type, data, message) => {
    const columns = [image, { name: 'label', data, ...(type && { type }) }];
    expect((await errorOf(() => namesOf(columns))).message).toMatch(message);
  });
});

describe('the bytes of an image', () => {
  test('that are missing are refused', async () => {
    const bytes = bytesOf([
      { name: 'image', data: [...plain([1]), null] as Uint8Array[], type: 'BYTE_ARRAY' },
      { name: 'label', data: [0, 1] },
    ]);
    const { message, fix } = await errorOf(() => train(bytes));
    expect(message).toMatch(/row 2: expected the bytes of an image, received none$/);
    expect(fix).toBe('Images must be in the file itself, not behind a path.');
  });

  const structures = (
    data: readonly ({ bytes: Uint8Array | null; path: string | null } | null)[],
  ) =>
    Buffer.from(
      parquetWriteBuffer({
        columnData: [
          { name: 'picture', data: [...data] },
          { name: 'label', data: data.map((_, at) => at % 2) },
        ],
        schema: imageSchema('picture'),
      }),
    );
  const stored = (grey: number) => ({ bytes: Uint8Array.from(picture(grey)), path: null });

  test('are in a structure, beside a path', async () => {
    const { inputs } = await train(structures([stored(3), { ...stored(4), path: 'a.png' }]));
    expect([...inputs]).toEqual([3, 4]);
  });

  test.each([[{ bytes: null, path: 'a.png' }], [null]])(
    'that are not in the structure %j are refused',
    async (one) => {
      const { message } = await errorOf(() => train(structures([stored(1), one])));
      expect(message).toMatch(/row 2: expected the bytes of an image, received none$/);
    },
  );
});
