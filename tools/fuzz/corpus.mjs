// Small valid inputs of every kind, from which others are made.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync, gzipSync } from 'node:zlib';
import { chunk, npy, SIGNATURE, unzip } from './formats.mjs';

const packages = new URL('../../packages/', import.meta.url);

/** Files of a folder of the packages' tests, by the ends of their names. */
function filesIn(folder, end) {
  const place = new URL(folder, packages);
  const names = readdirSync(fileURLToPath(place)).filter((name) => name.endsWith(end));
  return names.map((name) => readFileSync(new URL(name, place)));
}

const TEXTS = [
  'a,b,label\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n',
  'id;price;kind\r\n1;2,5;"a;b"\r\n2;3,5;"c""d"\r\n3;;e\r\n4;1,5;e\r\n',
  '1.5\t2\t0\n2.5\t3\t1\n-1e-3\t+4.\t0\n',
  '"a\nb",c,d\n2020-01-31,NA,no\n2021-02-28,?,yes\n2022-12-01,7,no\n',
  '\ufeffname|n|target\nanna|1|1\nbert|2|0\nanna|3|1\ncarl|4|0\n',
  'x,y\n'.concat(...Array.from({ length: 40 }, (_, i) => `${i},${i % 2 ? 'odd' : 'even'}\n`)),
];

const floats = (...values) => Buffer.from(Float32Array.from(values).buffer);
const pixels = Buffer.from(Array.from({ length: 64 }, (_, i) => (i * 37) % 256));

const pngOf = (width, height, depth, colour, rows) =>
  Buffer.concat([
    SIGNATURE,
    chunk('IHDR', Buffer.from([0, 0, 0, width, 0, 0, 0, height, depth, colour, 0, 0, 0])),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
const rowsOf = (stride, height, filter) =>
  Buffer.concat(
    Array.from({ length: height }, (_, y) =>
      Buffer.concat([Buffer.from([(filter + y) % 5]), pixels.subarray(0, stride)]),
    ),
  );

const idxOf = (sizes, bytes) => {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x800 + sizes.length);
  for (const [i, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, bytes]);
};

/** By kind. */
export const CORPUS = {
  csv: TEXTS.map((text) => Buffer.from(text)),
  gzip: TEXTS.map((text) => gzipSync(text)),
  npy: [
    npy('<f4', '(4, 3)', floats(1, 2, 0, 3, 4, 1, 5, 6, 0, 7, 8, 1)),
    npy('|u1', '(4, 4)', pixels.subarray(0, 16)),
    npy('<i8', '(4,)', Buffer.from(BigInt64Array.of(0n, 1n, 0n, 1n).buffer)),
    npy('>f8', '(2, 2)', Buffer.alloc(32, 64)),
    npy('|b1', '(4,)', Buffer.from([0, 1, 1, 0])),
  ],
  npz: [
    [
      ['x_train.npy', npy('|u1', '(4, 2, 2)', pixels.subarray(0, 16))],
      ['y_train.npy', npy('<i4', '(4,)', Buffer.from(Int32Array.of(0, 1, 0, 1).buffer))],
    ],
    [
      ['x.npy', npy('<f4', '(2, 2)', floats(1, 2, 3, 4))],
      ['y.npy', npy('<f4', '(2,)', floats(0, 1))],
    ],
  ],
  idx: [
    idxOf([4, 2, 2], pixels.subarray(0, 16)),
    idxOf([4], Buffer.from([0, 1, 0, 1])),
    gzipSync(idxOf([4, 4], pixels.subarray(0, 16))),
  ],
  png: [
    pngOf(4, 4, 8, 0, rowsOf(4, 4, 0)),
    pngOf(3, 2, 8, 2, rowsOf(9, 2, 1)),
    pngOf(2, 3, 8, 6, rowsOf(8, 3, 2)),
    pngOf(8, 2, 1, 0, rowsOf(1, 2, 0)),
    pngOf(2, 2, 16, 2, rowsOf(12, 2, 0)),
  ],
  parquet: [
    ...filesIn('formats/test/fixtures/', '.parquet'),
    ...filesIn('formats/test/fixtures/tables/', '.parquet'),
  ].filter(({ length }) => length < 40_000),
  arrow: filesIn('formats/test/fixtures/tables/', '.feather'),
  xlsx: filesIn('formats/test/fixtures/tables/', '.xlsx').map(unzip),
  lines: [
    ...['.json', '.jsonl', '.arff'].flatMap((end) => filesIn('formats/test/fixtures/tables/', end)),
    Buffer.from(
      '{"a": 1, "b": "x", "label": true}\n{"a": null, "b": "y\\u00e9", "label": false}\n',
    ),
    Buffer.from('[{"a": 1.5, "label": "p"}, {"a": -2e3, "label": "q"}, {"label": "q", "a": 3}]'),
    Buffer.from('@relation r\n@attribute a numeric\n@attribute c {x, y}\n@data\n1,x\n?,y\n3,x\n'),
  ].filter(({ length }) => length < 40_000),
  model: filesIn('cli/test/fixtures/version-0.1/', '.safetensors').filter(
    ({ length }) => length < 40_000,
  ),
  checkpoint: filesIn('cli/test/fixtures/version-0.1/', '.checkpoint').filter(
    ({ length }) => length < 40_000,
  ),
  config: [
    'epochs: 3\nlr: 0.1\nlayers: [4, 8, 3]\noptimizer: adam\n',
    '{"batchSize": 8, "seed": 7, "split": "0.7,0.15,0.15", "standardize": true}',
    'recipe: mnist\ndata: &a iris.csv\nout: *a\n? patience\n: 5\n',
  ].map((text) => Buffer.from(text)),
};
