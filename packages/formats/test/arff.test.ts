import { expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { errorOf } from './temporary.js';
import { temporaryFile } from './writers.js';

const arff = (attributes: readonly string[], rows: readonly string[]): string =>
  ['@relation r', ...attributes.map((one) => `@attribute ${one}`), '@data', ...rows, ''].join('\n');

const load = (text: string) => loadDataset(temporaryFile('t.arff', text), { task: 'auto' });

const X = 'x numeric';
const Y = 'y {a,b}';

test.each([
  ['numbers', [X, Y], ['1,a', 'two,b'], 'line 6: attribute "x": expected a number, received "two"'],
  [
    'texts of a list',
    [X, 'colour {red, "dark red"}', Y],
    ['1,red,a', '2,"dark red",b', '3,pink,a'],
    'line 8: attribute "colour": expected one of "red", "dark red", which it lists, received "pink"',
  ],
  ['numbers of a list', [X, 'k {0, 1}', Y], ['1,1,a', '2,2,b'], 'line 7: attribute "k": expected'],
  ['classes', [X, Y], ['1,a', '2,c'], 'line 6: attribute "y": expected one of "a", "b"'],
  ['sparse numbers', [X, Y], ['{0 1}', '{0 x}'], 'line 6: attribute "x": expected a number'],
  ['no tables', ['bag relational', X, Y], ['1,2,a'], 'line 2: expected numbers, texts, dates'],
  ['no weights', [X, Y], ['1,a', '2,b,{5}'], `line 6: expected a row's cells, received "{5}"`],
  ['no weights of sparse rows', [X, Y], ['{0 1}, {5}'], `line 5: expected a row's cells`],
  ['each attribute once', [X, X, Y], ['1,2,a'], 'line 3: expected each attribute once'],
  ['each cell once', [X, Y], ['{0 1, 0 2}'], 'line 5: expected each attribute once, received 0'],
])('holds %s, as it says itself', async (_, attributes, rows, expected) => {
  expect((await errorOf(() => load(arff(attributes, rows)))).message).toContain(expected);
});

test('what is missing, or written otherwise than in the list, is read', async () => {
  const rows = ['1, 1, a', '?, 2.0, b', '3, ?, a % so it is', '4, 1, ?'];
  const dataset = await load(arff([X, 'k {1, 2}', Y], rows));
  expect(dataset.encoding!.columns).toMatchObject([
    { name: 'x', missing: true },
    { name: 'k', categories: ['1', '2'], missing: true },
  ]);
  expect([...dataset.inputs]).toEqual([1, 0, 1, 0, 0, Number.NaN, 1, 0, 1, 0, 3, 0, 0, 0, 1]);
});

test('white space may stand between cells', async () => {
  const dataset = await load(arff([X, "z {'b c', d}", Y], ["1 'b c'\ta", '2\td  b']));
  expect([...dataset.inputs]).toEqual([1, 1, 0, 2, 0, 1]);
  expect([...dataset.labels]).toEqual([0, 1]);
});

test('a listed text that means a missing value is said', async () => {
  const dataset = await load(arff([X, 'k {None, some}', Y], ['1,None,a', '2,some,b', '2,some,b']));
  expect(dataset.notes).toContain('column k lists "None", read as missing');
});
