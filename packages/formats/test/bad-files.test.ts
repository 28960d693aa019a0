import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import type { LoadOptions } from '../src/options.js';
import { errorOf, idxBytes } from './temporary.js';
import { bytesOf, imageBytes, npyBytes, temporaryTree, zipBytes } from './writers.js';

// Every format with every kind of badness that it can have. What each file says is one error that
// begins with its path.

/** The file to load (an empty text: the folder), all files of the folder, and what the error says. */
type Bad = readonly [
  file: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  message: string,
];

const KINDS = [
  'empty',
  'truncated',
  'a header that lies',
  'a bomb',
  'wrong types',
  'one class',
  'NaN',
] as const;

const zeros = new Uint8Array(64 << 20);
const mebibytesOfText = Buffer.alloc(16 << 20, '1,2,x\n');

const images = idxBytes([4, 2, 2], new Uint8Array(16));
const labels = idxBytes([4], [0, 1, 0, 1]);
const idx = (changes: Record<string, Uint8Array>): Record<string, Uint8Array> => ({
  'train-images-idx3-ubyte': images,
  'train-labels-idx1-ubyte': labels,
  't10k-images-idx3-ubyte': images,
  't10k-labels-idx1-ubyte': labels,
  ...changes,
});
const idxImages = 'train-images-idx3-ubyte';

const x = npyBytes('<f4', [2, 2], bytesOf(Float32Array.of(1, 2, 3, 4)));
const y = npyBytes('|u1', [2], Uint8Array.of(0, 1));
const npz = (entries: Record<string, Uint8Array>, lie = {}): Record<string, Uint8Array> => ({
  'a.npz': zipBytes(entries, lie),
});
const nan = npyBytes('<f4', [2, 2], bytesOf(Float32Array.of(1, Number.NaN, 3, 4)));

const picture = await imageBytes(
  'png',
  8,
  8,
  Array.from({ length: 64 }, (_, at) => at),
);
const huge = Buffer.from(picture);
huge.writeUInt32BE(0x7fffffff, 16);
// 81 million pixels in a few kilobytes.
const blank = { width: 9000, height: 9000, channels: 3, background: 'black' } as const;
const bomb = await sharp({ create: blank }).png({ palette: true, colours: 2 }).toBuffer();

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData'];
const parquet = (columnData: Columns): Uint8Array =>
  Buffer.from(parquetWriteBuffer({ columnData }));
const numbers: Columns[number] = { name: 'a', data: [1, 2], type: 'DOUBLE' };
const texts: Columns[number] = { name: 'b', data: ['x', 'y'], type: 'STRING' };
const goodParquet = parquet([numbers, texts]);
const lyingParquet = Buffer.from(goodParquet);
lyingParquet.writeUInt32LE(0x7ffffff0, lyingParquet.length - 8);

/** Null where a format cannot be bad in that way, with the reason beside it. */
const MATRIX: Readonly<Record<string, Readonly<Record<(typeof KINDS)[number], Bad | null>>>> = {
  IDX: {
    empty: [
      '',
      idx({ [idxImages]: new Uint8Array() }),
      '/train-images-idx3-ubyte: expected an IDX file, received 0 bytes; the file is truncated',
    ],
    truncated: [
      '',
      idx({ [idxImages]: images.subarray(0, -1) }),
      '/train-images-idx3-ubyte: expected 32 bytes (4 images of 2×2), received 31; the file is truncated',
    ],
    'a header that lies': [
      '',
      idx({ [idxImages]: idxBytes([0x7fffffff, 0x7fffffff, 0x7fffffff], []) }),
      '/train-images-idx3-ubyte: expected at most 1073741824 bytes, received a header that says 9.903520300447984e+27 (2147483647 images of 2147483647×2147483647)',
    ],
    'a bomb': [
      '',
      idx({ [idxImages]: gzipSync(Buffer.concat([images, zeros])) }),
      '/train-images-idx3-ubyte: expected 32 bytes unpacked, as its header says, received more',
    ],
    'wrong types': [
      '',
      idx({ [idxImages]: Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0) }),
      '/train-images-idx3-ubyte: expected unsigned bytes (IDX type 0x08), received type 0x0d (binary32)',
    ],
    'one class': [
      '',
      idx({ 'train-labels-idx1-ubyte': idxBytes([4], [3, 3, 3, 3]) }),
      '/train-labels-idx1-ubyte: expected labels of at least two classes, received only the label 3',
    ],
    // Bytes are numbers, all of them.
    NaN: null,
  },
  CSV: {
    empty: ['t.csv', { 't.csv': '' }, '/t.csv: expected data, received an empty file'],
    truncated: [
      't.csv',
      { 't.csv': 'a,b\n1,x\n2,"y' },
      '/t.csv: line 3: expected a quote to close its cell, received one that does not',
    ],
    // Text has no sizes to lie about; a first row that promises more columns is the like of it.
    'a header that lies': [
      't.csv',
      { 't.csv': 'a,b,c\n1,x\n2,y\n' },
      '/t.csv: line 2: expected 3 cells as in the first row, received 2',
    ],
    // Nothing in it is packed.
    'a bomb': null,
    'wrong types': [
      't.csv',
      { 't.csv': Uint8Array.of(0x61, 0x2c, 0xff, 0xfe, 0x0a, 0x00) },
      '/t.csv: expected text in UTF-8, UTF-16 or Latin-1, received bytes that are none',
    ],
    'one class': [
      't.csv',
      { 't.csv': 'a,b\n1,x\n2,x\n' },
      '/t.csv: column "b": expected at least two classes, received only "x"',
    ],
    NaN: [
      't.csv',
      { 't.csv': 'a,b\n1,x\nNaN,y\n' },
      '/t.csv: line 3, column "a": expected a value in every cell, received "NaN"; 1 cell in 1 row holds none ("a" 1)',
    ],
  },
  'gzipped CSV': {
    empty: [
      't.csv.gz',
      { 't.csv.gz': gzipSync('') },
      '/t.csv.gz: expected rows of values, received none',
    ],
    truncated: [
      't.csv.gz',
      { 't.csv.gz': gzipSync('a,b\n1,x\n2,y\n').subarray(0, -6) },
      '/t.csv.gz: expected gzip data, received bytes that do not unpack (Z_BUF_ERROR)',
    ],
    // The length that the last bytes of a gzip file say.
    'a header that lies': [
      't.csv.gz',
      { 't.csv.gz': Buffer.concat([gzipSync('a,b\n1,x\n2,y\n').subarray(0, -4), Buffer.alloc(4)]) },
      '/t.csv.gz: expected gzip data, received bytes that do not unpack (Z_DATA_ERROR)',
    ],
    'a bomb': [
      't.csv.gz',
      { 't.csv.gz': gzipSync(mebibytesOfText) },
      '/t.csv.gz: expected a gzipped text, received 24468 bytes that unpack to more than 250 times as many',
    ],
    'wrong types': [
      't.csv.gz',
      { 't.csv.gz': gzipSync(Uint8Array.of(0xff, 0xfe)) },
      '/t.csv.gz: expected rows of values, received none',
    ],
    'one class': [
      't.csv.gz',
      { 't.csv.gz': gzipSync('a,b\n1,x\n2,x\n') },
      '/t.csv.gz: column "b": expected at least two classes, received only "x"',
    ],
    NaN: [
      't.csv.gz',
      { 't.csv.gz': gzipSync('a,b\n1,x\nNaN,y\n') },
      '/t.csv.gz: line 3, column "a": expected a value in every cell, received "NaN"; 1 cell in 1 row holds none ("a" 1)',
    ],
  },
  images: {
    empty: [
      '',
      { 'a/1.png': picture, 'b/1.png': '' },
      '/b/1.png: expected a PNG, JPEG, WebP, GIF, TIFF or AVIF image, received an empty file',
    ],
    truncated: [
      '',
      { 'a/1.png': picture, 'b/1.png': picture.subarray(0, -20) },
      '/b/1.png: expected a PNG image, received bytes that do not decode (vipspng: libpng read error)',
    ],
    'a header that lies': [
      '',
      { 'a/1.png': picture, 'b/1.png': huge },
      '/b/1.png: expected at most 67108864 pixels, received 2147483647×8',
    ],
    'a bomb': [
      '',
      { 'a/1.png': picture, 'b/1.png': bomb },
      '/b/1.png: expected at most 67108864 pixels, received 9000×9000',
    ],
    'wrong types': [
      '',
      { 'a/1.png': picture, 'b/1.png': 'hello' },
      '/b/1.png: expected a PNG, JPEG, WebP, GIF, TIFF or AVIF image, received bytes that start 68656c6c',
    ],
    'one class': [
      '',
      { 'a/1.png': picture, 'a/2.png': picture },
      ': expected at least two classes, received only "a"',
    ],
    // Pixels are bytes.
    NaN: null,
  },
  NPZ: {
    empty: ['a.npz', { 'a.npz': '' }, '/a.npz: expected data, received an empty file'],
    truncated: [
      'a.npz',
      { 'a.npz': zipBytes({ 'x.npy': x, 'y.npy': y }).subarray(0, -9) },
      '/a.npz: expected NPZ (a ZIP file), received a file that does not read (End of central directory record signature not found. Either not a zip file, or file is truncated.)',
    ],
    'a header that lies': [
      'a.npz',
      npz({ 'X.npy': x, 'y.npy': y }, { unpackedSize: 9 }),
      '/a.npz: X: expected NPZ (a ZIP file), received a file that does not read (too many bytes in the stream. expected 9. got at least 144)',
    ],
    'a bomb': [
      'a.npz',
      npz({ 'X.npy': npyBytes('|u1', [2, 2], zeros), 'y.npy': y }, { unpackedSize: 132 }),
      '/a.npz: X: expected NPZ (a ZIP file), received a file that does not read (too many bytes in the stream. expected 132. got at least 16384)',
    ],
    'wrong types': [
      'a.npz',
      npz({ 'X.npy': npyBytes('|O', [2], x), 'y.npy': y }),
      '/a.npz: X: expected samples [count, features] or images [count, height, width], received the shape (2) of O',
    ],
    'one class': [
      'a.npz',
      npz({ 'X.npy': x, 'y.npy': npyBytes('|u1', [2], Uint8Array.of(1, 1)) }),
      '/a.npz: y: expected at least two classes, received only "1"',
    ],
    NaN: [
      'a.npz',
      npz({ 'X.npy': nan, 'y.npy': y }),
      '/a.npz: X: expected numbers that binary32 can hold, received NaN (sample 0, feature 1, both counted from 0)',
    ],
  },
  NPY: {
    empty: ['a.npy', { 'a.npy': '' }, '/a.npy: expected data, received an empty file'],
    truncated: [
      'a.npy',
      { 'a.npy': x.subarray(0, -1) },
      '/a.npy: expected 144 bytes for the shape (2, 2) of f4, received 143',
    ],
    'a header that lies': [
      'a.npy',
      { 'a.npy': npyBytes('<f4', [2 ** 40, 2 ** 40], bytesOf(Float32Array.of(1))) },
      '/a.npy: expected 4.835703278458517e+24 bytes for the shape (1099511627776, 1099511627776) of f4, received 132',
    ],
    // Nothing in it is packed.
    'a bomb': null,
    'wrong types': [
      'a.npy',
      { 'a.npy': npyBytes('<c8', [1, 2], new Uint8Array(16)) },
      '/a.npy: expected b1, u1, i1, u2, i2, u4, i4, u8, i8, f2, f4, f8, received the type c8',
    ],
    'one class': [
      'a.npy',
      { 'a.npy': npyBytes('<f4', [2, 2], bytesOf(Float32Array.of(1, 1, 2, 1))) },
      '/a.npy: column "column 2": expected at least two classes, received only "1"',
    ],
    NaN: [
      'a.npy',
      { 'a.npy': nan },
      '/a.npy: row 1, column "column 2": expected a value in every cell, received NaN; 1 cell in 1 row holds none ("column 2" 1)',
    ],
  },
  Parquet: {
    empty: ['t.parquet', { 't.parquet': '' }, '/t.parquet: expected data, received an empty file'],
    truncated: [
      't.parquet',
      { 't.parquet': goodParquet.subarray(0, -30) },
      '/t.parquet: expected Parquet, received a file that does not read (parquet file invalid (footer != PAR1))',
    ],
    'a header that lies': [
      't.parquet',
      { 't.parquet': lyingParquet },
      '/t.parquet: expected Parquet, received a file that does not read (a footer of 2147483632 bytes)',
    ],
    'a bomb': [
      't.parquet',
      {
        't.parquet': parquet([
          { name: 'image', data: [picture, bomb], type: 'BYTE_ARRAY' },
          { name: 'label', data: [0, 1], type: 'INT32' },
        ]),
      },
      '/t.parquet: row 2: expected at most 67108864 pixels, received 9000×9000',
    ],
    'wrong types': [
      't.parquet',
      { 't.parquet': parquet([{ name: 'a', data: [[1], [2]], type: 'JSON' }, texts]) },
      '/t.parquet: column "a": expected numbers, text, dates or true and false, received JSON',
    ],
    'one class': [
      't.parquet',
      { 't.parquet': parquet([numbers, { name: 'b', data: ['x', 'x'], type: 'STRING' }]) },
      '/t.parquet: column "b": expected at least two classes, received only "x"',
    ],
    NaN: [
      't.parquet',
      { 't.parquet': parquet([{ name: 'a', data: [1, Number.NaN], type: 'DOUBLE' }, texts]) },
      '/t.parquet: row 2, column "a": expected a value in every cell, received NaN; 1 cell in 1 row holds none ("a" 1)',
    ],
  },
};

const CELLS = Object.entries(MATRIX).flatMap(([format, cells]) =>
  KINDS.flatMap((kind) => (cells[kind] ? [[format, kind, cells[kind]] as const] : [])),
);

test.each(CELLS)('%s, %s', async (_, kind, [file, files, message]) => {
  const folder = temporaryTree(files);
  // Missing cells of a table are an error only where they are to be one.
  const options: LoadOptions = kind === 'NaN' ? { missing: 'error' } : {};
  const error = await errorOf(() => loadDataset(file ? `${folder}/${file}` : folder, options));
  expect(error.message).toBe(folder + message);
});
