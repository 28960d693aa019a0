import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { textSource } from '../src/memory/text-source.js';
import type { LoadOptions } from '../src/options.js';
import { openRows } from '../src/rows/index.js';
import { errorOf } from './temporary.js';
import { temporaryFile } from './writers.js';

const load = (name: string, contents: string | Uint8Array, options: LoadOptions = {}) =>
  loadDataset(temporaryFile(name, contents), { task: 'auto', ...options });

const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');

test('a leading zero shows that a comma is a decimal one, with quotes or without', async () => {
  const cells = lines(12, (at) => `0,${125 + at};${at % 2 ? 'a' : 'b'}`);
  const plain = await load('t.csv', `x;y\n${cells}\n`);
  const quoted = await load('t.csv', `"x";"y"\n${cells}\n`);
  expect([...plain.inputs].slice(0, 2)).toEqual([0.125, Math.fround(0.126)]);
  expect([...quoted.inputs]).toEqual([...plain.inputs]);
});

test.each([
  [
    'dates',
    (at: number) => `2024-03-${String(at + 1).padStart(2, '0')}`,
    'holds dates: each of 30',
  ],
  ['measures', (at: number) => `${at}.5 kg`, 'such as "0.5 kg", but are not understood as such'],
  ['names', (at: number) => `id${at}`, 'holds 30 classes in 30 rows'],
])('a label of %s is said to be many classes', async (_, cellOf, expected) => {
  const dataset = await load('t.csv', `x,y\n${lines(30, (at) => `${at % 7},${cellOf(at)}`)}\n`);
  expect(dataset.classes).toBe(30);
  expect(dataset.notes!.join('\n')).toContain(`column y, the label, holds`);
  expect(dataset.notes!.join('\n')).toContain(expected);
});

test('a label of a few classes needs no words', async () => {
  const text = `x,y\n${lines(30, (at) => `${at % 7},${at % 2 ? '<=50K' : '>50K'}`)}\n`;
  expect((await load('t.csv', text)).notes).toEqual([]);
});

test('whole numbers that are all days are said to look like dates', async () => {
  const text = `day,y\n${lines(9, (at) => `2024022${at},${at % 2 ? 'a' : 'b'}`)}\n`;
  expect((await load('t.csv', text)).notes!.join()).toContain('look like dates, such as 20240220');
  const others = text.replace('20240228', '20240299');
  expect((await load('t.csv', others)).notes!.join()).not.toContain('dates');
});

test('columns without a name are not called so twice', async () => {
  const { notes } = await load('t.csv', `x,y,\n${lines(6, (at) => `${at}.5,${at % 2},`)}\n`);
  expect(notes).toContain('column 3 is left out: it holds no values');
});

test('rows of one more cell than the first are told what they may lack', async () => {
  const work = () => load('t.csv', `"x","y"\n${lines(4, (at) => `"${at}",${at},"a"`)}\n`);
  const { message, fix } = await errorOf(work);
  expect(message).toContain('line 2: expected 2 cells as in the first row, received 3');
  expect(fix).toContain('write.table');
});

test.each([
  ['in an object', '{"a":1,"b":{"c":[1]},"y":0}', 'b.c', '[1]'],
  ['in a row', '{"a":1,"b":[2,3],"y":0}', 'b', '[2,3]'],
])('a list %s of JSON is named by its column, and may be left out', async (_, row, name, shown) => {
  const text = `${row}\n${row.replace('0}', '1}')}\n`;
  const { message, fix } = await errorOf(() => load('t.jsonl', text));
  expect(message).toContain(`column "${name}": expected numbers, text, dates`);
  expect(message).toContain(`received ${shown}`);
  expect(fix).toBe(`Leave the column out (--drop ${name}).`);
  const { encoding } = await load('t.jsonl', text, { drop: [name] });
  expect(encoding!.columns.map((column) => column.name)).toEqual(['a']);
});

test.each([
  ['1 1:0.5 7:1\n-1 3:1e-3 7:1\n+1 1:2\n'],
  ['# written by hand\n2 qid:3 1:0.5 2:1 # so\n1 qid:3 2:1\n'],
  ['0.5 1:1\n0.25\n1.5 2:1 9:-1'],
  ['1,3 1:0.5\r\n2 2:0.5 3:1\r\n'],
])('sparse rows of LIBSVM are refused as such: %j', async (text) => {
  const { message, fix } = await errorOf(() => load('t.txt', text));
  expect(message).toContain("received LIBSVM's sparse rows, such as");
  expect(fix).toContain('load_svmlight_file');
  expect(() => textSource(text, 'text')).toThrow("received LIBSVM's sparse rows");
});

test.each([
  ['ratios', (at: number) => `${at % 2} 16:${9 + at}`],
  ['places', (at: number) => `${at % 2} 3:10${at} 1:20${at}`],
  ['laps', (at: number) => `${at % 2} 0:5${at}.25 1:4${at}.5`],
])('%s between white space are no sparse rows', (_, row) => {
  expect(textSource(lines(9, row), 'text').names).toBeNull();
});

test('times of day between white space are no sparse rows', async () => {
  const { encoding } = await load(
    't.txt',
    lines(9, (at) => `${at % 2} 1${at}:30 1${at}:45`),
  );
  expect(encoding!.columns[1]).toMatchObject({ date: { unit: 'seconds' } });
});

test.each([
  ['lists.parquet', 'received a structure'],
  ['lists.feather', 'received BigInt64Array of 2'],
])('lists in %s are an error that names what leaves them out', async (name, received) => {
  const path = fileURLToPath(new URL(`fixtures/tables/${name}`, import.meta.url));
  const { message, fix } = await errorOf(() => loadDataset(path));
  expect(message).toContain(
    `column "v": expected numbers, text, dates or true and false, ${received}`,
  );
  expect(fix).toBe('Leave the column out (--drop v).');
  const like = await loadDataset(path, { drop: ['v'] });
  const { classNames, encoding } = like;
  const again = await loadDataset(path, { like: { classes: 2, classNames, encoding: encoding! } });
  expect([...again.inputs]).toEqual([...like.inputs]);
  expect((await openRows(path)).names).toEqual(['x', 'label']);
});

test('new rows in JSON with a byte order mark are read as such', async () => {
  const rows = await openRows(temporaryFile('t.json', '\ufeff[{"x":1.5,"y":2}]'));
  expect(rows.names).toEqual(['x', 'y']);
});

test.each([
  ['{2 yes}', 'expected an attribute from 0 to 1, received 2'],
  ['{0 1}', 'expected a value of "name", received a sparse row without it'],
  ['{0 1', 'expected quotes and brackets to close their cells'],
  ['{0 "1}', 'expected quotes and brackets to close their cells'],
])('the sparse row %s is refused', async (row, expected) => {
  const text = `@relation t\n@attribute x numeric\n@attribute name string\n@data\n${row}\n`;
  expect((await errorOf(() => load('t.arff', text))).message).toContain(`line 5: ${expected}`);
});

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');

test.each([
  ['a Python pickle', latin('\x80\x05\x95\x00')],
  ["Stata's table", latin('<stata_dta><header>')],
  ["SPSS's table", latin('$FL2@(#) SPSS')],
  ['an Avro file', latin('Obj\x01\x04')],
  ['an ORC file', latin('ORC\x11')],
  ['weights (safetensors)', latin('\x40\x01\0\0\0\0\0\0{"weight":{}}')],
  ['an HTML or XML document', Buffer.from('\ufeff<!DOCTYPE html><table>')],
  ['an HTML or XML document', latin('<?xml version="1.0"?>')],
])('%s is named', async (what, bytes) => {
  const { message } = await errorOf(() => load('t.csv', bytes));
  expect(message).toContain(`expected a data set, received ${what}`);
});
