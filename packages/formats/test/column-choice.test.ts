import { expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import type { LoadOptions } from '../src/options.js';
import { errorOf } from './temporary.js';
import { temporaryFile } from './writers.js';

const load = (contents: string, options: LoadOptions = {}) =>
  loadDataset(temporaryFile('t.csv', contents), { task: 'auto', ...options });

const TABLE = `a,"b,c",town,y\n${Array.from(
  { length: 12 },
  (_, at) => `${at % 5},${at / 4},${at % 3 ? 'Ulm' : 'Bonn'},${1 + (at % 2)}`,
).join('\n')}\n`;

const namesOf = async (options: LoadOptions) =>
  (await load(TABLE, options)).encoding!.columns.map(({ name }) => name);

test.each<[LoadOptions['columns'], string[]]>([
  ['"b,c",town', ['b,c', 'town']],
  ['town, "b,c"', ['b,c', 'town']],
  ['b,c', ['b,c']],
  ['a,town', ['a', 'town']],
  ['2-3', ['b,c', 'town']],
  ['b*', ['b,c']],
  [
    ['b,c', 1],
    ['a', 'b,c'],
  ],
])('columns %j are %j', async (columns, expected) => {
  expect(await namesOf({ columns })).toEqual(expected);
});

test('labels with commas in their names are quoted', async () => {
  const { encoding } = await load(TABLE, { label: '"b,c",a' });
  expect(encoding!.targets!.map(({ name }) => name)).toEqual(['b,c', 'a']);
});

test('a dropped column is not the label that is taken by itself', async () => {
  const dataset = await load(TABLE, { drop: ['y'] });
  expect(dataset.encoding).toMatchObject({ label: 'town' });
  expect(dataset.classNames).toEqual(['Bonn', 'Ulm']);
});

test.each<[LoadOptions, string]>([
  [{ label: ',' }, 'expected the label to be one of the columns'],
  [{ label: '""' }, 'expected the label to be one of the columns'],
  [{ label: 'y', drop: ['y'] }, 'column "y": expected the label to stay'],
  [{ label: 'y', drop: [4] }, 'column "y": expected the label to stay'],
  [{ categorical: ['a'], numeric: 'a' }, 'column "a": expected either categorical or numeric'],
  [
    { categorical: 'y', task: 'regression' },
    'column "y": expected categories, as categorical says',
  ],
  [{ label: 'town', numeric: 'town' }, 'line 2, column "town": expected a number, received "Bonn"'],
])('%j contradicts itself', async (options, expected) => {
  expect((await errorOf(() => load(TABLE, options))).message).toContain(expected);
});

test('what is said of the label decides what is learnt; patterns say nothing of it', async () => {
  const classes = await load(TABLE);
  expect(classes).toMatchObject({ classes: 2, values: undefined });
  const numbers = await load(TABLE, { numeric: ['y'] });
  expect([...numbers.values!].slice(0, 3)).toEqual([1, 2, 1]);
  expect(numbers.notes).toContain(
    'column y is learnt as a number (loss squared-error), as numeric says',
  );
  expect((await load(TABLE, { numeric: '?', label: 'y' })).classes).toBe(2);
  const many = `x,y\n${Array.from({ length: 40 }, (_, at) => `${at % 7},${at % 30}`).join('\n')}\n`;
  expect((await load(many)).values).toBeDefined();
  expect((await load(many, { categorical: ['y'] })).classes).toBe(30);
});

test('a followed encoding is not changed by other wishes without a word', async () => {
  const { encoding } = await load(TABLE, { drop: ['a'] });
  const follow = (options: LoadOptions) => load(TABLE, { encoding, ...options });
  for (const options of [
    { drop: 'a' },
    { columns: 'b*,town' },
    { missing: 'impute' },
    { categorical: 'town' },
    // As in training, and of a table that lacks what was dropped there.
    { columns: '*', drop: 'a' },
    { drop: 'a,id' },
  ] as const) {
    expect((await follow(options)).encoding).toEqual(encoding);
  }
  for (const [options, expected] of [
    [{ drop: 'town' }, 'column "town": expected as the model was trained'],
    [{ columns: 'a,town' }, 'column "b,c": expected as the model was trained'],
    [{ columns: '*' }, 'column "a": expected as the model was trained'],
    [{ categorical: '2' }, 'column "b,c": expected as the model was trained'],
    [{ numeric: 'town' }, 'column "town": expected as the model was trained'],
    [{ missing: 'drop' }, 'missing: expected impute'],
    [{ drop: 'twon' }, 'expected drop to be of the columns'],
    [{ columns: 'twon' }, 'expected columns to be of the columns'],
    [{ categorical: 'twon' }, 'expected categorical to be of the columns'],
    [{ numeric: 'twon' }, 'expected numeric to be of the columns'],
  ] as const) {
    expect((await errorOf(() => follow(options))).message).toContain(expected);
  }
  expect((await errorOf(() => follow({ drop: 'twon' }))).fix).toBe('Did you mean "town"?');
  expect((await follow({ drop: 'a,elsewhere' })).notes).toContainEqual(
    expect.stringMatching(/^drop: "elsewhere" is no column of /),
  );
});
