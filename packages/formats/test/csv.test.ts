import { gzipSync } from 'node:zlib';
import { encodedWidth } from '@bitgrad/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import type { LoadOptions } from '../src/options.js';
import { errorOf } from './temporary.js';
import { temporaryFile, temporaryTree } from './writers.js';

const load = (contents: string | Uint8Array, options?: LoadOptions) =>
  loadDataset(temporaryFile('table.csv', contents), options);

const people = 'age,town,pay\n30,"Ulm, old",low\n41.5,Bonn,high\n-2e1,Bonn,low\n';

test('reads numbers, categories and text labels', async () => {
  const dataset = await load(people);
  expect(dataset).toMatchObject({
    name: 'table',
    features: 3,
    image: null,
    classes: 2,
    classNames: ['high', 'low'],
    trainCount: 3,
    testCount: 0,
    encoding: {
      columns: [
        { name: 'age', categories: null },
        { name: 'town', categories: ['Bonn', 'Ulm, old'] },
      ],
      label: 'pay',
    },
  });
  expect([...dataset.inputs]).toEqual([30, 0, 1, 41.5, 1, 0, -20, 1, 0]);
  expect([...dataset.labels]).toEqual([1, 0, 1]);
  expect(encodedWidth(dataset.encoding!)).toBe(3);
});

test.each([
  ['gzipped', gzipSync(people)],
  ['with a byte order mark', `\ufeff${people}`],
  ['with line ends of Windows', people.replaceAll('\n', '\r\n')],
  ['with line ends of old', people.replaceAll('\n', '\r')],
  ['without a last line end', people.trimEnd()],
  ['with blank lines', people.replaceAll('\n', '\n\n')],
  ['with spaces', people.replaceAll('low', '  low ')],
  ['with semicolons', people.replaceAll(/,(?! )/g, ';')],
  ['with tabs', people.replaceAll(/,(?! )/g, '\t')],
])('reads the same table %s', async (_, contents) => {
  expect(await load(contents)).toEqual(await load(people));
});

test('does not depend on the order of the rows', async () => {
  const [header, ...rows] = people.trimEnd().split('\n');
  const turned = await load([header, ...rows.reverse()].join('\n'));
  const straight = await load(people);
  expect(turned.encoding).toEqual(straight.encoding);
  expect([...turned.labels]).toEqual([...straight.labels].reverse());
});

describe('the label', () => {
  test.each([
    ['town', ['Bonn', 'Ulm, old'], 3],
    [2, ['Bonn', 'Ulm, old'], 3],
    ['2', ['Bonn', 'Ulm, old'], 3],
    ['pay', ['high', 'low'], 3],
  ])('%j', async (label, classNames, features) => {
    expect(await load(people, { label })).toMatchObject({ classNames, features });
  });

  test('is a class if it is a few integers, sorted by size', async () => {
    const { classNames, labels } = await load('a,b\n1,10\n2,9\n3,1.0\n4,01\n');
    expect(classNames).toEqual(['1', '9', '10']);
    expect([...labels]).toEqual([2, 1, 0, 0]);
  });

  test('needs no names where it counts from 0', async () => {
    expect((await load('a,b\n1,0\n2,1\n')).classNames).toBeUndefined();
  });

  test('is a number where regression is asked for', async () => {
    const dataset = await load('a,b\n1,2.5\n2,-1\n', { task: 'regression' });
    expect(dataset).toMatchObject({ classes: 0, classNames: undefined });
    expect([...dataset.values!]).toEqual([2.5, -1]);
    expect(dataset.labels).toHaveLength(0);
  });
});

describe('the header', () => {
  test.each([
    ['is seen above numbers', 'a,b\n1,x\n2,y\n', 2, ['a']],
    ['is missed above none', '5.1,x\n4,y\n', 2, ['column 1']],
    ['is seen above text that does not hold it again', 'a,b\nu,x\nv,y\nu,y\n', 3, ['a']],
    ['is missed if a column holds it again', 'u,x\nv,y\nu,y\n', 3, ['column 1']],
    ['may leave a name out', ',b\n1,x\n2,y\n', 2, ['column 1']],
  ])('%s', async (_, contents, trainCount, names) => {
    const dataset = await load(contents);
    expect(dataset.trainCount).toBe(trainCount);
    expect(dataset.encoding!.columns.map(({ name }) => name)).toEqual(names);
  });

  test('is what is said', async () => {
    expect((await load('1,b\n1,x\n2,y\n', { header: true })).trainCount).toBe(2);
    expect((await load('a,b\nc,x\nd,y\n', { header: false })).trainCount).toBe(3);
  });
});

test('mixes few numbers and texts as categories', async () => {
  const { encoding } = await load('doors,class\n2,x\n3,y\n5more,x\n');
  expect(encoding!.columns[0]!.categories).toEqual(['2', '3', '5more']);
});

test('reads a folder of train.csv and test.csv', async () => {
  const folder = temporaryTree({ 'train.csv': people, 'test.csv': 'age,town,pay\n1,Bonn,low\n' });
  expect(await loadDataset(folder)).toMatchObject({ trainCount: 3, testCount: 1, features: 3 });
});

test("follows a model's encoding and classes", async () => {
  const { encoding, classes, classNames } = await load(people);
  const like = { encoding, classes, classNames };
  const dataset = await load('pay,note,town,age\nlow,x,Bonn,7\nlow,y,Bonn,8\n', { like });
  expect([...dataset.inputs]).toEqual([7, 1, 0, 8, 1, 0]);
  expect([...dataset.labels]).toEqual([1, 1]);
});

test('all cells without a value that no row of the training lacked are counted', async () => {
  const training = 'size,town,day,pay\n1,Rome,2020-01-01,low\n2,Bonn,2020-01-03,high\n';
  const { encoding, classes, classNames } = await load(training);
  const like = { encoding, classes, classNames };
  const rows = 'size,town,day,pay\n,,,low\nNA,?,,low\n,Bonn,,high\n1,,2020-01-02,low\n';
  const { notes } = await load(rows, { like });
  expect(notes!.map((one) => /^column (\w+): (\d+) rows lack a value/.exec(one)?.slice(1))).toEqual(
    [
      ['size', '3'],
      ['town', '3'],
      ['day', '3'],
    ],
  );
});

test('a category that a model does not know is zeros, counted and said, or with strict an error', async () => {
  const { encoding, classes, classNames } = await load(people);
  const like = { encoding, classes, classNames };
  const rows = 'age,town,pay\n1,Rome,low\n2,Bonn,low\n3,Oslo,high\n';
  const { inputs, notes } = await load(rows, { like });
  expect([...inputs]).toEqual([1, 0, 0, 2, 1, 0, 3, 0, 0]);
  expect(notes).toEqual([
    'column town: 2 rows hold a category that was never seen in training, such as "Rome": its features are 0',
  ]);
  const { message } = await errorOf(() => load(rows, { like, strict: true }));
  expect(message).toMatch(
    /csv: row 1, column "town": expected one of the 2 categories that the model was trained on, received "Rome"$/,
  );
});

test('reads any cells that are written with quotes, over pieces of the file', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ';', 'é', '😀', '\t') });
  const cells = fc.array(fc.tuple(fc.float({ noNaN: true, noDefaultInfinity: true }), text), {
    minLength: 2,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(cells, async (rows) => {
      const lines = rows.map(
        ([number, cell], index) => `${number},"k${cell.replaceAll('"', '""')}",${index % 2}`,
      );
      const { inputs, features, encoding } = await load(`n,t,label\n${lines.join('\n')}\n`, {
        keepIds: true,
      });
      const categories = [...new Set(rows.map(([, cell]) => `k${cell}`.trim()))].sort();
      expect(encoding!.columns[1]!.categories).toEqual(categories);
      rows.forEach(([number, cell], index) => {
        expect(inputs[index * features]).toBe(number + 0);
        const category = categories.indexOf(`k${cell}`.trim());
        expect(inputs[index * features + 1 + category]).toBe(1);
      });
    }),
    { numRuns: 50 },
  );
});

test('texts that come after thousands of numbers make categories of them as they were written', async () => {
  const numbers = Array.from({ length: 9000 }, (_, i) => (i % 3 === 0 ? 0.1 : i + 0.1));
  const texts = Array.from({ length: 10_000 }, (_, i) => `t${i % 50}`);
  const rows = [...numbers, ...texts].map((cell, i) => `${cell},${i % 2}\n`);
  const { encoding, inputs, features } = await load(`a,b\n${rows.join('')}`);
  const { categories, other } = encoding!.columns[0]!;
  expect(other).toBe(true);
  const place = categories!.indexOf('0.1');
  expect(place).toBeGreaterThanOrEqual(0);
  expect([inputs[place], inputs[features + place], inputs[3 * features + place]]).toEqual([
    1, 0, 1,
  ]);
  expect(categories!.filter((text) => text.startsWith('t'))).toHaveLength(50);
});

test('numbers of a long column keep the bits that binary32 gives them', async () => {
  const cells = Array.from({ length: 10_000 }, (_, i) => Math.sin(i) * 1000);
  const dataset = await load(`a,b\n${cells.map((cell, i) => `${cell},${i % 2}\n`).join('')}`);
  expect(dataset.inputs).toEqual(Float32Array.from(cells));
  const late = cells.map((cell, i) => (i > 9990 ? 'text' : cell));
  const error = await errorOf(() =>
    load(`a,b\n${late.map((cell, i) => `${cell},${i % 2}\n`).join('')}`),
  );
  expect(error.message).toContain('line 9993, column "a": expected a number as in 9991 other rows');
});

test('many numbers that are categories are the same ones for who follows the encoding', async () => {
  const cells = Array.from({ length: 9000 }, (_, i) => (i % 3 === 0 ? 0.1 : i + 0.1));
  const text = `a,b\n${cells.map((cell, i) => `${cell},${i % 2}\n`).join('')}`;
  const dataset = await load(text, { categorical: ['a'] });
  expect(dataset.encoding!.columns[0]!.other).toBe(true);
  const followed = await load(text, { encoding: dataset.encoding! });
  expect(followed.inputs).toEqual(dataset.inputs);
});

test('thousands of dates are categories where texts come after them', async () => {
  const dates = Array.from({ length: 9000 }, (_, i) =>
    new Date(Date.UTC(1990, 0, 1 + (i % 8500))).toISOString().slice(0, 10),
  );
  const texts = Array.from({ length: 9500 }, (_, i) => `t${i % 50}`);
  const rowsOf = (cells: readonly string[]): string =>
    `a,b\n${cells.map((cell, i) => `${cell},${i % 2}\n`).join('')}`;
  const alone = await load(rowsOf(dates));
  expect(alone.encoding!.columns[0]!.date).toEqual({ unit: 'days', parts: ['month', 'weekday'] });
  expect(alone.inputs[3 * 8999]).toBe(alone.inputs[3 * 499]);
  const { categories, other } = (await load(rowsOf([...dates, ...texts]))).encoding!.columns[0]!;
  expect(other).toBe(true);
  expect(categories!.filter((text) => text.startsWith('1990-'))).toHaveLength(50);
});
