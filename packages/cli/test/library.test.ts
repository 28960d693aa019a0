import { execFile } from 'node:child_process';
import { lstatSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect, promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Input, load, type Model, readImage, train } from 'bitgrad';
import { describe, expect, test, vi } from 'vitest';
import { pngBytes } from './pictures.js';
import { eventsIn, runCli } from './run-cli.js';
import { temporaryFolder, writeFiles } from './temporary.js';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

/** Rows of two kinds of things, told apart by size and colour. */
const ROWS = Array.from({ length: 80 }, (_, index) => ({
  size: ((index * 7919) % 100) / 50 + (index % 2),
  colour: ['red', 'blue', 'green'][index % 3]!,
  kind: ['cup', 'bowl'][index % 2]!,
}));
const CSV = ['size,colour,kind', ...ROWS.map((row) => Object.values(row).join(',')), ''].join('\n');
const OPTIONS = { label: 'kind', epochs: 5, seed: 3, backend: 'ts' } as const;

const digestOf = async (model: Promise<Model<unknown>>): Promise<string> =>
  (await model).receipt.weightsSha256;

test('data in every form give the same model', async () => {
  const folder = temporaryFolder();
  writeFiles(folder, { 'things.csv': CSV, 'things.csv.gz': gzipSync(CSV) });
  const path = join(folder, 'things.csv');
  async function* rows() {
    yield* ROWS;
  }
  async function* pieces() {
    for (let at = 0; at < CSV.length; at += 100) yield CSV.slice(at, at + 100);
  }
  const forms = {
    path,
    packed: `${path}.gz`,
    url: pathToFileURL(path),
    text: CSV,
    blob: new Blob([CSV]),
    bytes: readFileSync(path),
    packedBytes: new Uint8Array(gzipSync(CSV)),
    objects: ROWS,
    arrays: [Object.keys(ROWS[0]!), ...ROWS.map((row) => Object.values(row))],
    rows: rows(),
    pieces: pieces(),
    json: JSON.stringify(ROWS),
    jsonLines: new Blob([ROWS.map((row) => JSON.stringify(row)).join('\n')]),
    packedJson: new Uint8Array(gzipSync(JSON.stringify(ROWS))),
  };
  const digests = await Promise.all(
    Object.values(forms).map((data) => digestOf(train(data, OPTIONS))),
  );
  expect(new Set(digests).size).toBe(1);
});

test('typed arrays: classes by number or name, or numbers', async () => {
  const inputs = Float32Array.from({ length: 120 }, (_, at) => ((at * 7919) % 100) / 50);
  const labels = Array.from({ length: 60 }, (_, row) => Number(inputs[2 * row]! > 1));
  const options = { epochs: 5, backend: 'ts' } as const;
  const numbered = await train({ inputs, labels }, options);
  const named = await train({ inputs, labels: labels.map((label) => 'ab'[label]!) }, options);
  expect(named.receipt.weightsSha256).toBe(numbered.receipt.weightsSha256);
  expect(named.classNames).toEqual(['a', 'b']);
  expect(numbered.predict([1.5, 0]).label).toBeTypeOf('number');
  const values = inputs.filter((_, at) => at % 2 === 0);
  const sums = await train({ inputs, values }, { ...options, loss: 'squared-error' });
  const guesses: number[] = sums.predict([
    [1, 2],
    [2, 1],
  ]);
  expect(guesses.every(Number.isFinite)).toBe(true);
  expect(sums.notes).toEqual([]);
  const wide = Float64Array.from(inputs, (value, at) => (at % 2 ? value : 2 ** 30 + at / 2));
  const far = Array.from({ length: 60 }, (_, row) => 2 ** 40 + row);
  const lost = await train({ inputs: wide, values: far }, { ...options, loss: 'squared-error' });
  expect(lost.notes).toEqual([
    'column 1: of 60 different numbers, binary32 tells 1 apart',
    'column y: of 60 different numbers, binary32 tells 1 apart',
  ]);
  const wrong = train({ inputs, labels: labels.slice(1) }, options);
  await expect(wrong).rejects.toThrow('expected inputs [samples,features] for 59 samples');
});

test('a sample is predicted to the same bits however it is given, alone and among others', async () => {
  const model = await train(ROWS, OPTIONS);
  const alone = ROWS.map((row) => model.predict(row));
  const cells = ROWS.map(({ size, colour }) => [String(size), colour]);
  expect(model.predict(ROWS)).toEqual(alone);
  expect(cells.map((row) => model.predict(row))).toEqual(alone);
  expect(model.predict(cells)).toEqual(alone);
  const { label, probabilities } = model.predict({ size: 2.9, colour: 'red' });
  expect(['cup', 'bowl']).toContain(label);
  expect(probabilities).toHaveLength(2);
  expect(model.columns).toEqual(['size', 'colour']);
  const many = Array.from({ length: 1000 }, (_, index) => ROWS[index % ROWS.length]!);
  expect(model.predict(many)).toEqual(many.map((_, index) => alone[index % ROWS.length]));
  expect(model.predict([])).toEqual([]);
});

test('a model is saved, loaded, judged, exported and closed', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'things.safetensors');
  const model = await train(ROWS, OPTIONS);
  const link = join(folder, 'link');
  symlinkSync('things.safetensors', link);
  await model.save(link);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  const loaded = [
    await load(file),
    await load(pathToFileURL(file)),
    await load(model.toBytes()),
    await load(new Blob([readFileSync(file)])),
    await load(file, { backend: 'wasm' }),
    await load(file, { backend: 'ts' }),
  ];
  for (const one of loaded) expect(one.predict(ROWS)).toEqual(model.predict(ROWS));
  const { samples, accuracy } = await model.evaluate(ROWS);
  expect(samples).toBe(model.receipt.dataset.test);
  expect(accuracy).toBe(model.metrics.accuracy);
  const own = await model.evaluate(ROWS.slice(0, 30));
  expect(own).toMatchObject({ samples: 30, notes: [] });
  const odd = [
    { size: 1, colour: 'red', kind: null },
    { size: null, colour: 'pink', kind: 'cup' },
  ];
  const judged = await model.evaluate([...ROWS.slice(0, 30), ...odd]);
  expect(judged.samples).toBe(31);
  expect(judged.notes).toEqual([
    '1 row of 32 is left out: column kind, the label, holds nothing there',
    'column size: 1 row lacks a value, as no row of the training did: its median stands in',
    expect.stringContaining(
      'column colour: 1 row holds a category that was never seen in training',
    ),
  ]);
  const json = JSON.parse(new TextDecoder().decode(await model.export('json')));
  expect(json.format).toBe('bitgrad');
  model.close();
  model.close();
  expect(() => model.predict(ROWS[0]!)).toThrow('expected one that is open');
  await loaded[0]![Symbol.asyncDispose]();
  expect(() => loaded[0]!.predict(ROWS[0]!)).toThrow('expected one that is open');
});

test('the command predicts and judges what the library trained', async () => {
  const folder = temporaryFolder();
  writeFiles(folder, { 'things.csv': CSV });
  const model = await train(join(folder, 'things.csv'), OPTIONS);
  await model.save(join(folder, 'model.safetensors'));
  const words = 'eval model.safetensors --data things.csv --backend ts --json'.split(' ');
  const end = eventsIn(await runCli(words, { folder })).at(-1);
  expect(end!.accuracy).toBe(model.metrics.accuracy);
});

test.each<[unknown, string]>([
  [{ size: 1e300, colour: 'red' }, 'column "size": expected a number'],
  [{ colour: 'red' }, 'received no value'],
  [{ size: 1, colour: 'black' }, 'column "colour": expected one of the 3 categories'],
  [{ size: 1, colour: {} }, 'column "colour"'],
  [[1], 'expected 2 cells (size, colour), received 1'],
  [[{ size: 1, colour: 'red' }, { size: 1 }], 'row 2: column "colour"'],
  ['size', 'expected a row'],
  [null, 'expected a row'],
  [7, 'expected a row'],
  [Float32Array.of(1, Number.NaN, 0, 0), 'expected numbers that binary32 can hold, received NaN'],
  [Object.create({ size: 1, colour: 'red' }), 'received no value'],
  [{ width: 1, height: 1, data: new Uint8ClampedArray(4) }, 'expected a row'],
])('a sample that does not fit is refused: %o', async (sample, message) => {
  const model = await train(ROWS, { ...OPTIONS, epochs: 1 });
  expect(() => model.predict(sample as Input)).toThrow(message);
});

test.each<[object, string]>([
  [{ onEpoch: 5 }, 'onEpoch: expected a function, received 5'],
  [{ onProgress: {} }, 'onProgress: expected a function, received {}'],
  [{ signal: true }, 'signal: expected an AbortSignal, received true'],
  [{ start: 'model.safetensors' }, 'start: expected a model, received "model.safetensors"'],
  [{ start: null }, 'start: expected a model, received null'],
  [{ learnRate: 1 }, 'learnRate: expected no such field'],
])('options that are none are refused: %o', async (options, message) => {
  await expect(train(ROWS, { ...OPTIONS, ...options } as object)).rejects.toThrow(message);
  await expect(train(ROWS, 'kind' as never)).rejects.toThrow('options: expected an object');
});

test('hidden layers alone are completed, and rows may come from any iterable', async () => {
  const options = { ...OPTIONS, layers: [5], epochs: 1 };
  const [model, same] = [await train(ROWS, options), await train(new Set(ROWS), options)];
  expect(model.recipe.layers).toEqual([4, 5, 2]);
  expect(same.receipt).toEqual(model.receipt);
});

test('a model shows in short what it is, and says where it cannot be saved or exported', async () => {
  const model = await train(ROWS, { ...OPTIONS, epochs: 1 });
  const { weightsSha256 } = model.receipt;
  const short = { layers: model.recipe.layers, columns: ['size', 'colour'], weightsSha256 };
  expect(JSON.parse(JSON.stringify(model))).toMatchObject(short);
  expect(inspect(model)).toContain(weightsSha256);
  expect(inspect(model)).not.toContain('Float32Array');
  await expect(model.save(undefined as unknown as string)).rejects.toThrow('save: expected a path');
  const lost = join(realpathSync(temporaryFolder()), 'nowhere', 'model.safetensors');
  await expect(model.save(lost)).rejects.toThrow(`${lost}: no such folder`);
  await expect(load(undefined as unknown as string)).rejects.toThrow('model: expected a path');
  const exported = model.export('js', { quantize: 'int8' });
  await expect(exported).rejects.toThrow('quantize: expected none for js, received "int8"');
  const odd = model.export('c', { quantize: 'int4' as 'int8' });
  await expect(odd).rejects.toThrow('quantize: expected none or int8 for c, received "int4"');
});

test('a missing value is what the training part has in its middle', async () => {
  const model = await train(ROWS, { ...OPTIONS, epochs: 1 });
  const size = model.saved.encoding!.columns.find(({ name }) => name === 'size')!.median!;
  const expected = model.predict({ size, colour: 'red' });
  for (const missing of [null, Number.NaN, '', 'NA', '-']) {
    expect(model.predict({ size: missing, colour: 'red' })).toEqual(expected);
  }
});

test('images of any size, and pixels', async () => {
  const folder = temporaryFolder();
  for (let index = 0; index < 12; index += 1) {
    const bytes = pngBytes(8 + index, 8, (x, y) => 200 * (index % 2) + ((x * y + index) % 40));
    writeFiles(folder, { [`pictures/${['dark', 'light'][index % 2]}/${index}.png`]: bytes });
  }
  const model = await train(join(folder, 'pictures'), {
    imageSize: { height: 8, width: 8 },
    preprocess: 'scale',
    epochs: 9,
    learningRate: 0.05,
    augment: 'none',
    backend: 'ts',
  });
  const image = await readImage(join(folder, 'pictures/light/3.png'));
  const { width, height, pixels } = image;
  const prediction = model.predict(image);
  expect(prediction.label).toBe('light');
  expect(model.predict({ width, height, data: new Uint8ClampedArray(pixels) })).toEqual(prediction);
  expect(model.predict(new Uint8Array(64)).label).toBe('dark');
  const several = model.predict([new Uint8Array(64), image]);
  expect(several.map(({ label }) => label)).toEqual(['dark', 'light']);
  expect(() => model.predict(new Uint8Array(63))).toThrow('expected 64 pixels');
});

test('layers may be written as the command reads them', async () => {
  const hidden = await train(ROWS, { ...OPTIONS, epochs: 1, layers: '8,4' });
  const list = await train(ROWS, { ...OPTIONS, epochs: 1, layers: [8, 4] });
  expect(hidden.recipe).toEqual(list.recipe);
  expect(hidden.receipt.weightsSha256).toBe(list.receipt.weightsSha256);
  await expect(train(ROWS, { ...OPTIONS, layers: '8,tan' })).rejects.toThrow('layers: expected');
});

describe('reading is ended by the signal', () => {
  test('between two rows, and the source is told', async () => {
    const controller = new AbortController();
    let isEnded = false;
    async function* endless(): AsyncGenerator<(typeof ROWS)[number]> {
      try {
        for (let index = 0; ; index += 1) {
          yield ROWS[index % ROWS.length]!;
          if (index === 50) controller.abort();
        }
      } finally {
        isEnded = true;
      }
    }
    const training = train(endless(), { ...OPTIONS, signal: controller.signal });
    await expect(training).rejects.toThrow('interrupted');
    await vi.waitFor(() => expect(isEnded).toBe(true));
  });

  test('where the next row never comes', async () => {
    const controller = new AbortController();
    const returned = vi.fn();
    const silent = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          controller.abort();
          return new Promise<never>(() => undefined);
        },
        return: returned,
      }),
    };
    const training = train(silent, { ...OPTIONS, signal: controller.signal });
    await expect(training).rejects.toThrow('interrupted');
    await vi.waitFor(() => expect(returned).toHaveBeenCalledOnce());
  });

  test('what a source throws is passed on', async () => {
    async function* failing(): AsyncGenerator<(typeof ROWS)[number]> {
      yield ROWS[0]!;
      throw new RangeError('of the source');
    }
    const { signal } = new AbortController();
    await expect(train(failing(), { ...OPTIONS, signal })).rejects.toThrow('of the source');
  });
});

test('training can be watched, ended, and gone on from', async () => {
  const controller = new AbortController();
  const epochs: number[] = [];
  const onEpoch = ({ epoch }: { epoch: number }): void => {
    epochs.push(epoch);
    if (epoch === 2) controller.abort();
  };
  const { signal } = controller;
  await expect(train(ROWS, { ...OPTIONS, onEpoch, signal })).rejects.toThrow('interrupted');
  expect(epochs).toEqual([1, 2]);
  const first = await train(ROWS, OPTIONS);
  const tuned = await train(ROWS.slice(40), { start: first, epochs: 1, backend: 'ts' });
  expect(tuned.recipe.initializer).toBe(`model:${first.receipt.weightsSha256}`);
  expect(tuned.recipe.layers).toEqual(first.recipe.layers);
  expect(tuned.classNames).toEqual(first.classNames);
});

test.each<[unknown, object, string]>([
  ['nowhere.csv', {}, 'nowhere.csv'],
  [[], {}, 'expected rows, received none'],
  [[{ a: 1 }, [1]], {}, 'row 2: expected an object'],
  [null, {}, 'expected a path, a URL'],
  [7, {}, 'expected a path, a URL'],
  [ROWS, { label: 'kindd' }, 'Did you mean'],
  [ROWS, { ...OPTIONS, learningRte: 1 }, 'learningRte: expected no such field'],
  [ROWS, { ...OPTIONS, recipe: 'best' }, 'recipe: expected mnist'],
  [ROWS, { ...OPTIONS, backend: 'gpu' }, 'backend: expected auto, native, wasm, ts'],
  [new Uint8Array([0xff, 0xfe, 0, 0]), OPTIONS, 'expected UTF-8 text'],
  [new Uint8Array([0x1f, 0x8b, 0, 0]), OPTIONS, 'expected gzip data'],
])('data and options that are not valid are refused: %o %o', async (data, options, message) => {
  const error = await train(data as string, options).catch(
    (reason: Error & { fix?: string }) => reason,
  );
  expect(error).toMatchObject({ name: expect.stringMatching(/Error$/) });
  const { message: text, fix = '' } = error as Error & { fix?: string };
  expect(`${text} ${fix}`).toContain(message);
});

test('CommonJS can require it', async () => {
  const folder = temporaryFolder();
  const program = join(folder, 'program.cjs');
  writeFileSync(
    program,
    `const { train } = require(${JSON.stringify(packageFolder)} + 'dist/library/index.js');
     train(${JSON.stringify(ROWS)}, ${JSON.stringify(OPTIONS)}).then(({ receipt }) => {
       console.log(receipt.weightsSha256);
     });`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(stdout.trim()).toBe(await digestOf(train(ROWS, OPTIONS)));
});
