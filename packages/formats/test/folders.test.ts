import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { readFolder } from '../src/folder.js';
import { describeNames, divideFolder, filesInParts } from '../src/folder-parts.js';
import type { LoadOptions } from '../src/options.js';
import { errorOf, idxBytes } from './temporary.js';
import { bytesOf, npyBytes, pngBytes, temporaryFile, temporaryTree } from './writers.js';

const CSV = 'x,k\n1,a\n2,b\n';

describe('the parts of a folder', () => {
  const divide = async (
    files: readonly string[],
    pattern = /\.csv$/,
    others = /\.(?:csv|json)$/,
  ) => {
    const folder = temporaryTree(Object.fromEntries(files.map((name) => [name, ''])));
    const {
      train,
      validation,
      test: tested,
      notes,
    } = await divideFolder(folder, files, pattern, others);
    const inside = (paths: readonly string[]) => paths.map((path) => path.slice(folder.length + 1));
    return {
      parts: [train, validation, tested].map(inside),
      notes: notes.map((note) => note.replace(folder, '…')),
    };
  };

  test.each<[string[], string[][]]>([
    [['a.csv'], [['a.csv'], [], []]],
    [['train.csv'], [['train.csv'], [], []]],
    [
      ['training.csv', 'TEST.csv'],
      [['training.csv'], [], ['TEST.csv']],
    ],
    [
      ['train-1.csv', 'train-2.csv', 'val.csv'],
      [['train-1.csv', 'train-2.csv'], ['val.csv'], []],
    ],
    [
      ['train.csv', 'valid.csv', 'testing.csv'],
      [['train.csv'], ['valid.csv'], ['testing.csv']],
    ],
    [
      ['train.csv', 'dev.csv', 'development.csv'],
      [['train.csv'], ['dev.csv'], []],
    ],
    [
      ['train.csv', 'dev-1.csv'],
      [['train.csv'], ['dev-1.csv'], []],
    ],
    [
      ['x_train.csv', 'x_val.csv', 'x_test.csv'],
      [['x_train.csv'], ['x_val.csv'], ['x_test.csv']],
    ],
    [
      ['x-train.csv', 'x.dev.csv', 'x test.csv'],
      [['x-train.csv'], ['x.dev.csv'], ['x test.csv']],
    ],
    [
      ['train.csv', 'x_test.csv'],
      [['train.csv'], [], []],
    ],
    [
      ['x_train.csv', 'contest.csv'],
      [['x_train.csv'], [], []],
    ],
    [
      ['x_train.csv', 'x_devices.csv'],
      [['x_train.csv'], [], []],
    ],
  ])('%j are %j', async (files, parts) => {
    const unread = files.filter((name) => !parts.flat().includes(name));
    const received = await divide(files);
    expect(received.parts).toEqual(parts);
    expect(received.notes).toEqual(unread.map((name) => `…: ${name} is not read`));
  });

  test('and what is not read of others is said', async () => {
    expect((await divide(['a.csv', 'b.json', 'c.txt'])).notes).toEqual(['…: b.json is not read']);
    expect((await divide(['a.csv', 'b.json', 'c.json'])).notes).toEqual([
      '…: b.json, c.json are not read',
    ]);
    expect((await divide(['train.csv', 'test.csv', 'test.json'])).notes).toEqual([
      '…: test.json is not read',
    ]);
  });

  test.each<[string[], string]>([
    [['a.csv', 'b.csv'], 'expected files called train…, val… and test…, received a.csv, b.csv'],
    [
      ['test.csv', 'val.csv'],
      'expected files called train…, val… and test…, received test.csv, val.csv',
    ],
    [[], 'expected files called train…, val… and test…, received an empty folder'],
    [
      ['train.csv', 'test.json'],
      'expected all parts in one kind of file, received train.csv, test.json',
    ],
    [
      ['a_train.csv', 'a_val.json'],
      'expected all parts in one kind of file, received a_train.csv, a_val.json',
    ],
  ])('are not %j', async (files, message) => {
    const error = await errorOf(() => divide(files));
    expect(error.message).toContain(`: ${message}`);
    expect(error.fix).toContain('give the path of one');
  });

  test.runIf(process.platform !== 'win32')('do not lead out of it', async () => {
    const folder = temporaryTree({ 'data/train.csv': CSV, 'other/test.csv': CSV });
    symlinkSync('../other/test.csv', join(folder, 'data', 'test.csv'));
    symlinkSync('../other', join(folder, 'data', 'test'));
    const data = join(folder, 'data');
    const files = ['train.csv', 'test.csv'];
    expect((await errorOf(() => divideFolder(data, files, /csv/, /csv/))).message).toContain(
      'test.csv: expected a file or folder in',
    );
    expect((await errorOf(() => filesInParts(data, ['test']))).message).toContain(
      'received a link that leads out of it',
    );
  });

  test('may be folders', async () => {
    const folder = temporaryTree({
      'train/b.csv': '',
      'train/a.csv': '',
      'Valid/1.csv': '',
      'dev/1.csv': '',
      'test/cat/1.png': '',
      'devices/1.csv': '',
      'other/1.csv': '',
      'xtrain/1.csv': '',
    });
    const folders = ['Valid', 'dev', 'devices', 'other', 'test', 'train', 'xtrain'];
    expect(await filesInParts(folder, folders)).toEqual([
      'Valid/1.csv',
      'dev/1.csv',
      'train/a.csv',
      'train/b.csv',
    ]);
  });

  test('are described, four of many', () => {
    expect(describeNames([])).toBe('an empty folder');
    expect(describeNames(['a', 'b', 'c', 'd'])).toBe('a, b, c, d');
    expect(describeNames(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c, d, …');
  });
});

const image = pngBytes([[0, 7]], { width: 1, height: 1 });
const x = npyBytes('<f4', [2, 1], bytesOf(Float32Array.of(1, 2)));
const y = npyBytes('|u1', [2], Uint8Array.of(0, 1));
const idx = {
  'train-images-idx3-ubyte': idxBytes([2, 1, 1], [1, 2]),
  'train-labels-idx1-ubyte': idxBytes([2], [0, 1]),
  't10k-images-idx3-ubyte': idxBytes([1, 1, 1], [3]),
  't10k-labels-idx1-ubyte': idxBytes([1], [1]),
};
const FOLDERS = {
  IDX: idx,
  'packed IDX': Object.fromEntries(
    Object.entries(idx).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]),
  ),
  NPY: { 'x_train.npy': x, 'y_train.npy': y },
  CSV: { 'data.csv': CSV },
  'packed CSV': { 'data.tsv.gz': gzipSync(CSV.replaceAll(',', '\t')) },
  JSON: { 'data.json': '[{"x":1,"k":"a"},{"x":2,"k":"b"}]' },
  'CSV in folders': { 'train/1.csv': CSV, 'test/1.csv': CSV },
  images: { 'a/1.png': image, 'b/1.png': image },
} as const;

describe('a folder', () => {
  test.each(Object.entries(FOLDERS))('of %s is read', async (_, files) => {
    const folder = temporaryTree({ ...files, 'read me.md': 'x' });
    const read = await readFolder(folder, {});
    expect(read).toMatchObject({ trainCount: 2, classes: 2 });
    expect(read.name).toBe(folder.split(/[/\\]/).at(-1));
    expect(await loadDataset(folder)).toEqual(read);
  });

  test.each<[keyof typeof FOLDERS, LoadOptions, string | null]>([
    ['IDX', { label: 'k' }, 'is no such table'],
    ['IDX', { drop: 'k' }, 'is no such table'],
    ['IDX', { imageSize: { height: 1, width: 1 } }, 'holds no image files to resize'],
    ['NPY', { label: 'k' }, 'is no such table'],
    ['NPY', { keepIds: true }, 'is no such table'],
    ['NPY', { imageSize: { height: 1, width: 1 } }, 'holds no image files to resize'],
    ['CSV', { imageSize: { height: 1, width: 1 } }, 'holds no image files to resize'],
    ['CSV', { label: 'k', drop: [], keepIds: true, header: true }, 'drop'],
    ['CSV', { label: 'k', keepIds: true, header: true }, null],
    ['images', { label: 'k' }, 'is no such table'],
    ['images', { header: false }, 'is no such table'],
    ['images', { imageSize: { height: 1, width: 1 } }, null],
  ])('of %s with %j', async (kind, options, message) => {
    const folder = temporaryTree(FOLDERS[kind]);
    if (message === null) expect((await loadDataset(folder, options)).trainCount).toBe(2);
    else expect((await errorOf(() => loadDataset(folder, options))).message).toContain(message);
  });

  test('of files beside those that are read says so first', async () => {
    const folder = temporaryTree({ 'train.csv': 'x,k\n1,a\n2,b\n3,\n', 'more.json': '[]' });
    expect((await loadDataset(folder)).notes).toEqual([
      `${folder}: more.json is not read`,
      '1 row of 3 is left out: column k, the label, holds nothing there',
    ]);
  });

  test('of tables is read, whatever folders lie beside; data in it come before those in folders', async () => {
    const folder = temporaryTree({ 'data.csv': CSV, 'train/1.csv': 'no,table\n' });
    expect((await loadDataset(folder)).trainCount).toBe(2);
  });

  test.each<[Record<string, string>, string]>([
    [{}, 'received an empty folder'],
    [{ 'a.txt': 'x', 'b.md': 'x' }, 'received a.txt, b.md'],
  ])('of %j is none', async (files, message) => {
    const error = await errorOf(() => loadDataset(temporaryTree(files)));
    expect(error.message).toMatch(
      /: expected a folder of IDX, Parquet, NPY or CSV files, or of class folders of images, received /,
    );
    expect(error.message).toContain(message);
    expect(error.fix).toContain('one folder a class');
  });
});

describe('a file', () => {
  test.each<[string, Uint8Array | string, LoadOptions, string]>([
    ['a.npy', x, { header: true }, 'header: expected none'],
    ['a.npy', x, { imageSize: { height: 1, width: 1 } }, 'imageSize: expected none'],
    ['a.csv', CSV, { imageSize: { height: 1, width: 1 } }, 'imageSize: expected none'],
  ])('%s with %3$j', async (name, bytes, options, message) => {
    expect(
      (await errorOf(() => loadDataset(temporaryFile(name, bytes), options))).message,
    ).toContain(message);
  });

  test('is called as its path says', async () => {
    expect((await loadDataset(temporaryFile('flowers.csv', CSV))).name).toBe('flowers');
    expect((await errorOf(() => loadDataset('mnist', { label: 'k' }))).message).toBe(
      'label: expected none, because mnist is no such table',
    );
    const pattern = await errorOf(() => loadDataset(join(temporaryTree({}), '*.csv')));
    expect(pattern.message).toContain('expected mnist, a file or a folder; nothing is there');
    expect(pattern.fix).toContain('Several files are read as one');
    expect((await errorOf(() => loadDataset('/none/here'))).fix).toBeUndefined();
  });
});
