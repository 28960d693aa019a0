import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readNpyFolder, readNpyTable, readNpz } from '../src/arrays/arrays-dataset.js';
import { withNpz } from '../src/arrays/npz.js';
import type { LoadOptions } from '../src/options.js';
import { errorOf } from './temporary.js';
import { bytesOf, npyBytes, temporaryFile, temporaryTree, zipBytes } from './writers.js';

const x = (...values: number[]): Buffer =>
  npyBytes('<f8', [values.length, 1], bytesOf(Float64Array.from(values)));
const y = (...values: number[]): Buffer =>
  npyBytes('|u1', [values.length], Uint8Array.from(values));

const load = (entries: Readonly<Record<string, Uint8Array>>, options: LoadOptions = {}) =>
  readNpz(temporaryFile('data.npz', zipBytes(entries)), options);
const namesIn = (bytes: Uint8Array): Promise<string[]> =>
  withNpz(temporaryFile('data.npz', bytes), async (arrays) => arrays.map(({ name }) => name));

describe('an NPZ file', () => {
  test('holds arrays, and other things that are left aside', async () => {
    const entries = {
      'a.npy': y(1),
      'b.npy.npy': y(1),
      'c.npy.txt': y(1),
      d: y(1),
      'e/f.npy': y(1),
    };
    expect(await namesIn(zipBytes(entries))).toEqual(['a', 'b.npy', 'e/f']);
  });

  test('says of each array where it is and what it takes', async () => {
    const path = temporaryFile('data.npz', zipBytes({ 'a.npy': y(1, 2, 3) }));
    await withNpz(path, async ([array]) => {
      expect(array).toMatchObject({ place: `${path}: a`, bytes: y(1, 2, 3).length });
      for (const _ of 'it is read as often as asked'.split(' ')) {
        const pieces: Uint8Array[] = [];
        for await (const piece of await array!.open()) pieces.push(piece);
        expect(Buffer.concat(pieces)).toEqual(y(1, 2, 3));
      }
    });
  });

  test('may hold 1000 arrays', async () => {
    const some = (count: number) =>
      zipBytes(Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.npy`, y(1)])));
    expect(await namesIn(some(1000))).toHaveLength(1000);
    expect((await errorOf(() => namesIn(some(1001)))).message).toMatch(
      /data\.npz: expected at most 1000 arrays, received 1001 entries$/,
    );
  });

  test('holds no array twice', async () => {
    const bytes = zipBytes({ 'a.npy': y(1), 'b.npy': y(2) });
    for (let at = bytes.indexOf('b.npy'); at >= 0; at = bytes.indexOf('b.npy')) {
      bytes.write('a', at);
    }
    expect((await errorOf(() => namesIn(bytes))).message).toMatch(
      /data\.npz: expected different names, received a\.npy twice$/,
    );
  });

  test.each([
    ['no ZIP file', Buffer.from('hello')],
    ['a file that is cut', zipBytes({ 'a.npy': y(1) }).subarray(0, -30)],
    ['a name that leads out', zipBytes({ '../a.npy': y(1) })],
    ['a name of another system', zipBytes({ 'b\\a.npy': y(1) })],
  ])('is not %s', async (_, bytes) => {
    const { message, fix } = await errorOf(() => namesIn(bytes));
    expect(message).toMatch(
      /data\.npz: expected NPZ \(a ZIP file\), received a file that does not read \(.+\)$/,
    );
    expect(fix).toBe('The file is damaged or truncated.');
  });

  test('whose array does not unpack is damaged', async () => {
    const bytes = zipBytes({ 'x.npy': x(1, 2), 'y.npy': y(0, 1) });
    const packed = deflateRawSync(x(1, 2));
    bytes.fill(0xff, bytes.indexOf(packed), bytes.indexOf(packed) + packed.length);
    const path = temporaryFile('data.npz', bytes);
    expect((await errorOf(() => readNpz(path, {}))).message).toMatch(
      /data\.npz: x: expected NPZ \(a ZIP file\), received a file that does not read/,
    );
  });

  test('whose array is not what its CRC-32 says is damaged', async () => {
    const bytes = zipBytes({ 'x.npy': x(1, 2), 'y.npy': y(0, 1) }, { sum: 0x12ab });
    const { message, fix } = await errorOf(() => readNpz(temporaryFile('data.npz', bytes), {}));
    expect(message).toMatch(/data\.npz: x: expected the CRC-32 12ab, received [0-9a-f]{7,8}$/);
    expect(fix).toContain('damaged');
  });

  test('whose array begins nowhere is damaged', async () => {
    const bytes = zipBytes({ 'x.npy': x(1, 2), 'y.npy': y(0, 1) });
    bytes.write('??', 0);
    expect((await errorOf(() => readNpz(temporaryFile('data.npz', bytes), {}))).message).toMatch(
      /data\.npz: x: expected NPZ \(a ZIP file\), received a file that does not read/,
    );
  });
});

describe('arrays become a data set', () => {
  const parts = {
    'x_train.npy': x(1, 2, 3),
    'y_train.npy': y(0, 1, 0),
    'x_val.npy': x(4, 5),
    'y_val.npy': y(1, 1),
    'x_test.npy': x(6),
    'y_test.npy': y(0),
  };

  test('of all parts', async () => {
    const { inputs, labels, ...rest } = await load(parts);
    expect([...inputs]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...labels]).toEqual([0, 1, 0, 1, 1, 0]);
    expect(rest).toEqual({
      name: 'data',
      features: 1,
      image: null,
      classes: 2,
      classNames: undefined,
      values: undefined,
      trainCount: 5,
      validationCount: 2,
      testCount: 1,
    });
  });

  test('by the rules of version 0.1.0, without a part to validate', async () => {
    const old = await load(parts, { rules: 1 });
    expect([...old.inputs]).toEqual([1, 2, 3, 6]);
    expect(old).toMatchObject({ trainCount: 3, testCount: 1 });
    expect(old).not.toHaveProperty('validationCount');
  });

  test('without a part to test', async () => {
    const { 'x_test.npy': _x, 'y_test.npy': _y, ...others } = parts;
    expect(await load(others)).toMatchObject({ trainCount: 5, validationCount: 2, testCount: 0 });
  });

  test('of numbers near each other, with what is subtracted, but not by old rules', async () => {
    const far = 2 ** 40;
    const entries = { 'x.npy': x(far, far + 1), 'y.npy': y(0, 1) };
    const { inputs, encoding, notes } = await load(entries);
    expect([...inputs]).toEqual([0, 1]);
    expect(encoding!.columns).toEqual([{ name: '1', categories: null, offset: far }]);
    expect(notes).toHaveLength(1);
    const old = await load(entries, { rules: 1 });
    expect([...old.inputs]).toEqual([far, far]);
    expect(old).not.toHaveProperty('encoding');
    expect(old).not.toHaveProperty('notes');
  });

  test("that follows a model's encoding", async () => {
    const columns = [{ name: '1', categories: null, offset: 10 }];
    const encoding = { rules: 2, columns, label: 'y' };
    const entries = { 'x.npy': x(11, 12), 'y.npy': y(0, 1) };
    for (const options of [{ encoding }, { like: { classes: 2, encoding } }]) {
      expect([...(await load(entries, options)).inputs]).toEqual([1, 2]);
    }
  });

  test('of numbers that are learnt, which need words', async () => {
    const far = 2 ** 40;
    const entries = {
      'x.npy': x(1, 2),
      'y.npy': npyBytes('<f8', [2], bytesOf(Float64Array.of(far, far + 1))),
    };
    const { encoding, values, classes } = await load(entries, { task: 'regression' });
    expect([...values!]).toEqual([0, 1]);
    expect(encoding!.targets).toEqual([{ name: 'y', offset: far }]);
    expect(classes).toBe(0);
  });

  test('of bytes and images, which are never moved', async () => {
    const bytes = npyBytes('|u1', [2, 2], Uint8Array.of(1, 2, 3, 4));
    const columns = [1, 2].map((name) => ({ name: `${name}`, categories: null, offset: 10 }));
    const encoding = { rules: 2, columns, label: 'y' };
    const options = { encoding };
    const table = await load({ 'x.npy': bytes, 'y.npy': y(0, 1) }, options);
    expect(table.inputs).toEqual(Uint8Array.of(1, 2, 3, 4));
    const images = npyBytes('<f4', [2, 2, 1], bytesOf(Float32Array.of(1, 2, 3, 4)));
    const set = await load({ 'x.npy': images, 'y.npy': y(0, 1) }, options);
    expect(set).toMatchObject({
      inputs: Float32Array.of(1, 2, 3, 4),
      image: { height: 2, width: 1 },
    });
  });

  test('in colours or not, as is asked for or as a model had it', async () => {
    const images = npyBytes('|u1', [2, 1, 1, 3], Uint8Array.of(1, 1, 1, 2, 2, 2));
    const featuresOf = async (options: LoadOptions) =>
      (await load({ 'x.npy': images, 'y.npy': y(0, 1) }, options)).features;
    expect(await featuresOf({})).toBe(1);
    expect(await featuresOf({ channels: 'rgb' })).toBe(3);
    expect(await featuresOf({ modelImageSize: { height: 1, width: 1, channels: 3 } })).toBe(3);
    expect(await featuresOf({ modelImageSize: { height: 1, width: 1 } })).toBe(1);
  });

  test('of which no rows are left out', async () => {
    const error = await errorOf(() => load(parts, { missing: 'drop' }));
    expect(error).toMatchObject({ name: 'OptionError', option: 'missing' });
    expect(error.message).toMatch(
      /^missing: expected impute or error, because .*data\.npz is no table$/,
    );
    expect((await load(parts, { missing: 'error' })).trainCount).toBe(5);
  });
});

describe('NPY files', () => {
  test('in a folder are arrays by their names', async () => {
    const folder = temporaryTree({
      'X.NPY': x(1, 2),
      'y.npy': y(0, 1),
      'x.npy.txt': 'x',
      'note.txt': 'x',
    });
    const { inputs, labels } = await readNpyFolder(folder, {});
    expect([...inputs]).toEqual([1, 2]);
    expect([...labels]).toEqual([0, 1]);
  });

  test('in a folder are named where they are wrong', async () => {
    const folder = temporaryTree({ 'x.npy': x(1, 2), 'y.npy': y(0, 1).subarray(0, -1) });
    expect((await errorOf(() => readNpyFolder(folder, {}))).message).toBe(
      `${join(folder, 'y.npy')}: expected 130 bytes for the shape (2) of u1, received 129`,
    );
  });

  test.skipIf(process.platform === 'win32')('in a folder do not lead out of it', async () => {
    const outside = temporaryFile('y.npy', y(0, 1));
    const folder = temporaryTree({ 'x.npy': x(1, 2) });
    symlinkSync(outside, join(folder, 'y.npy'));
    expect((await errorOf(() => readNpyFolder(folder, {}))).message).toMatch(
      /y\.npy: expected a file or folder in .*, received a link that leads out of it$/,
    );
  });

  test('that are not there are said', async () => {
    const path = join(temporaryTree({}), 'no.npy');
    expect((await errorOf(() => readNpyTable(path, {}))).message).toBe(
      `${path}: cannot be read (ENOENT)`,
    );
  });

  const table = (...values: number[]): Buffer =>
    npyBytes('<f8', [values.length / 3, 3], bytesOf(Float64Array.from(values)));

  test('alone are tables', async () => {
    const path = temporaryFile('t.npy', table(1, 20, 0, 3, 40, 1, 5, 60, 1));
    const { name, inputs, labels, encoding, trainCount } = await readNpyTable(path, {});
    expect([...inputs]).toEqual([1, 20, 3, 40, 5, 60]);
    expect([...labels]).toEqual([0, 1, 1]);
    expect({ name, trainCount }).toEqual({ name: 't', trainCount: 3 });
    expect(encoding!.columns.map((column) => column.name)).toEqual(['column 1', 'column 2']);
    expect(encoding!.label).toBe('column 3');
  });

  test('alone have rows, counted from 1', async () => {
    const path = temporaryFile('t.npy', table(1, 2, 0, 3, Number.NaN, 1, 5, 6, 1));
    expect((await errorOf(() => readNpyTable(path, { missing: 'error' }))).message).toMatch(
      /t\.npy: row 2, column "column 2": expected a value in every cell, received NaN/,
    );
  });

  test.each([[[4]], [[2, 1, 2]]])('of the shape %j alone are none', async (shape) => {
    const path = temporaryFile('t.npy', npyBytes('|u1', shape, new Uint8Array(4)));
    const { message, fix } = await errorOf(() => readNpyTable(path, {}));
    expect(message).toBe(
      `${path}: expected a table [rows, columns], received the shape (${shape.join(', ')})`,
    );
    expect(fix).toContain('x_train.npy and y_train.npy');
  });
});
