import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import type { LoadOptions } from '../src/options.js';
import { errorOf } from './temporary.js';
import { temporaryFile, temporaryTree } from './writers.js';

const numbered = (count: number, cell: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => cell(index)).join('\n');

test.each<[string, string | Uint8Array, LoadOptions, string]>([
  ['nothing', '', {}, 'expected data, received an empty file'],
  ['blank lines', '\n\n\n', {}, 'expected rows of values, received none'],
  ['a header alone', 'a,b\n', { header: true }, 'expected rows of values, received none'],
  ['one column', 'a\n1\n', {}, 'expected at least 2 columns, one of them the label, received 1'],
  [
    'a ragged row',
    'a,b\n1,x\n\n2\n',
    {},
    'line 4: expected 2 cells as in the first row, received 1',
  ],
  [
    'a row too long',
    'a,b\n"1\n\n",x\n2,y,3\n',
    {},
    'line 5: expected 2 cells as in the first row, received 3',
  ],
  [
    'an empty cell',
    'a,b\n1,x\n,y\n',
    { missing: 'error' },
    'line 3, column "a": expected a value in every cell, received an empty cell; 1 cell in 1 row holds none ("a" 1)',
  ],
  [
    'missing cells',
    'a,b\n1,x\n?,NA\nNaN,x\n',
    { missing: 'error' },
    'line 3, column "a": expected a value in every cell, received "?"; 3 cells in 2 rows hold none ("a" 2, "b" 1)',
  ],
  [
    'an infinite cell',
    'a,b\n1,x\n-inf,y\n',
    {},
    'line 3, column "a": expected a number that binary32 can hold, received "-inf"',
  ],
  [
    'a number beyond binary32',
    'a,b\n1,x\n1e39,y\n',
    {},
    'line 3, column "a": expected a number that binary32 can hold, received "1e39"',
  ],
  [
    'one class',
    'a,b\n1,x\n2,x\n',
    {},
    'column "b": expected at least two classes, received only "x"',
  ],
  [
    'one class of numbers',
    'a,b\n1,3\n2,3.0\n',
    {},
    'column "b": expected at least two classes, received only "3"',
  ],
  [
    'two columns of a name',
    'a,b,a\n1,x,2\n',
    {},
    'expected a different name for each column, received "a" for columns 1 and 3',
  ],
  [
    'an unknown label',
    'price,kind\n1,x\n2,y\n',
    { label: 'Kid' },
    'expected the label to be one of the columns "price", "kind", received "Kid"',
  ],
  [
    'a label beyond',
    'a,b\n1,x\n2,y\n',
    { label: 3 },
    'expected the label to be a column from 1 to 2, received 3',
  ],
  [
    'a label 0',
    'a,b\n1,x\n2,y\n',
    { label: '0' },
    'expected the label to be a column from 1 to 2, received 0',
  ],
  [
    'fractions as classes',
    'a,b\n1,0.5\n2,1\n',
    { task: 'classification' },
    'column "b": expected classes, received the number 0.5',
  ],
  [
    'many numbers as classes',
    numbered(200, (i) => `1,${i}`),
    { task: 'classification' },
    'column "column 2": expected at most 100 classes, received more different numbers',
  ],
  [
    'text to be learnt as a number',
    'a,b\n1,2\n2,x\n',
    { task: 'regression' },
    'line 3, column "b": expected a number, received "x"',
  ],
  [
    'a typing error among numbers',
    `a,b\n${numbered(50, (i) => `${i},${i % 2}`)}\n4o,1\n`,
    {},
    'line 52, column "a": expected a number as in 50 other rows, received "4o"',
  ],
  [
    'names of rows by the rules of 0.1.0',
    `a,b\n${numbered(1001, (i) => `r${i},${i % 2}`)}\n`,
    { rules: 1 },
    'line 2, column "a": expected at most 1000 different texts in a column, received more',
  ],
  [
    'an open quote',
    'a,b\n1,"x\n2,y\n',
    {},
    'line 2: expected a quote to close its cell, received one that does not',
  ],
  [
    'a quote inside',
    'a,b\n1,x\n2,"y"z\n',
    {},
    'line 3: expected a quote to close its cell, received one that does not',
  ],
  [
    'an open quote in a long file',
    `a,b\n1,x\n2,"${numbered(400_000, () => 'yyy,1')}`,
    {},
    'line 3: expected a row that ends, received one of more than 16 pieces of 64 KiB',
  ],
  ['a zero byte', 'a,b\n1,x\n2,\0\n', {}, 'expected text, received a zero byte'],
  [
    'UTF-16 that is none',
    Buffer.from('fffe610000d80a00', 'hex'),
    {},
    'expected text in UTF-8, UTF-16 or Latin-1, received bytes that are none',
  ],
  [
    'a cut gzip file',
    gzipSync(numbered(9999, (i) => `${Math.sin(i)},${i % 2}`)).subarray(0, 9000),
    {},
    'expected gzip data, received bytes that do not unpack (Z_BUF_ERROR)',
  ],
  [
    'a gzip bomb',
    gzipSync(Buffer.alloc(40_000_000, '1,1\n')),
    {},
    'that unpack to more than 250 times as many',
  ],
])('refuses %s', async (_, contents, options, message) => {
  const path = temporaryFile('table.csv', contents);
  const error = await errorOf(() => loadDataset(path, options));
  expect(error.message).toContain(message);
  expect(error.message.startsWith(`${path}: `)).toBe(true);
});

test('suggests the label that was meant', async () => {
  const path = temporaryFile('table.csv', 'price,kind\n1,x\n2,y\n');
  expect((await errorOf(() => loadDataset(path, { label: 'Kid' }))).fix).toBe(
    'Did you mean "kind"?',
  );
});

test('refuses a test part with other columns, or classes that were never trained', async () => {
  const train = 'a,b\n1,x\n2,y\n';
  const columns = temporaryTree({ 'train.csv': train, 'test.csv': 'a,c\n1,x\n' });
  expect((await errorOf(() => loadDataset(columns))).message).toContain('received others (a, c)');
  const classes = temporaryTree({ 'train.csv': train, 'test.csv': 'a,b\n1,z\n' });
  expect((await errorOf(() => loadDataset(classes))).message).toContain(
    'expected only classes of the training part, received "z" in column "b"',
  );
});

test.each<[string, LoadOptions, string]>([
  ['imageSize', { imageSize: { height: 1, width: 1 } }, 'imageSize: expected none, because'],
  [
    'task',
    { task: 'x' as 'regression' },
    'task: expected classification, regression, multi-label or auto, received "x"',
  ],
  ['header', { header: 'x' as 'auto' }, 'header: expected auto, true or false, received "x"'],
  [
    'label',
    { label: 1.5 },
    "label: expected a column's name, or its number counted from 1, received 1.5",
  ],
  ['unknown', { labels: 1 } as LoadOptions, 'labels: expected no such option'],
])('refuses the option %s', async (_, options, message) => {
  const path = temporaryFile('table.csv', 'a,b\n1,x\n2,y\n');
  expect((await errorOf(() => loadDataset(path, options))).message).toContain(message);
});
