import { expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { temporaryFile } from './writers.js';

const load = (cells: readonly string[], header = 'when,y') =>
  loadDataset(
    temporaryFile(
      'd.csv',
      [header, ...cells.map((cell, at) => `${cell},${'ab'[at % 2]}`)].join('\n'),
    ),
    { task: 'auto' },
  );

/** Days or seconds since 1970 by pandas 2.3: `to_datetime(cells, format=…)`. */
test.each<[string, string[], 'day' | 'month', 'days' | 'seconds', number[]]>([
  [
    'points',
    ['1.12.2024', '31.12.2024', '29.02.2024', '05.06.1969'],
    'day',
    'days',
    [20058, 20088, 19782, -210],
  ],
  ['times', ['1/2/2024 9:05', '12/31/2024 23:59'], 'month', 'seconds', [1704186300, 1735689540]],
  ['slashes', ['1/2/2024', '31/12/2024'], 'day', 'days', [19754, 20088]],
  ['dashes', ['1-2-2024', '31-12-2024'], 'day', 'days', [19754, 20088]],
  ['short years', ['1/2/24', '12/31/69'], 'month', 'days', [19724, -1]],
  ['short years and points', ['01.02.24', '02.03.24'], 'day', 'days', [19754, 19784]],
  [
    'half days',
    ['1/2/2024 9:05 PM', '12/31/2024 12:00 AM'],
    'month',
    'seconds',
    [1704229500, 1735603200],
  ],
])('dates with %s are read by what all of them say', async (_, cells, order, unit, numbers) => {
  const { encoding, inputs, features, notes } = await load(cells);
  expect(encoding).toMatchObject({ dates: order, columns: [{ name: 'when', date: { unit } }] });
  const { offset = 0 } = encoding!.columns[0]!;
  const found = cells.map((_cell, row) => inputs[row * features]! + offset);
  expect(found).toEqual(numbers.map((number) => Math.fround(number - offset) + offset));
  expect(notes![0]).toBe(`dates are read with the ${order} first, because of column when`);
});

test.each([
  ['the year first', ['2024/2/1', '2024/12/31'], [19754, 20088]],
  ['months in words', ['1 Feb 2024', 'December 31 2024'], [19754, 20088]],
])('dates with %s need no order', async (_, cells, days) => {
  const { encoding, inputs, features, notes } = await load(cells);
  expect(encoding!.dates).toBeUndefined();
  expect([inputs[0], inputs[features]]).toEqual(days);
  expect(notes![0]).toMatch(/^column when holds dates, which become days/);
});

test('times of day become seconds', async () => {
  const { inputs, features, notes } = await load(['9:05', '13:05:30']);
  expect([inputs[0], inputs[features]]).toEqual([32700, 47130]);
  expect(notes![0]).toBe('column when holds times of day, which become seconds, hour');
});

test('what could be either is said, and follows the decimal comma', async () => {
  const either = await load(['1/2/2024', '3/4/2024']);
  expect(either.encoding!.dates).toBe('month');
  expect(either.notes![0]).toBe(
    'dates are read with the month first, though column when could be either',
  );
  const rows = ['1/2/2024;1,5;a', '3/4/2024;2,25;b'];
  const path = temporaryFile('d.csv', ['when;x;y', ...rows].join('\n'));
  const { encoding, inputs, features } = await loadDataset(path, { task: 'auto' });
  expect(encoding).toMatchObject({ decimal: ',', dates: 'day' });
  expect(inputs[features - 1]).toBe(1.5);
});

test.each([
  [['13/1/2024', '1/13/2024']],
  [['1/2/2024', 'soon']],
  [['1.2.24', '3.4.24']],
  [['1/2/2024', '31/2-2024']],
])('%j are no dates', async (cells) => {
  const { encoding } = await load(cells);
  expect(encoding!.dates).toBeUndefined();
  expect(encoding!.columns[0]!.categories).toHaveLength(2);
});

test('two columns that contradict each other are left as they are, and said', async () => {
  const { encoding, notes } = await load(['31.12.2024,12/31/2024', '1.1.2024,1/1/2024'], 'a,b,y');
  expect(encoding!.dates).toBeUndefined();
  expect(notes!.join('\n')).toContain(
    'column a has dates that begin with the day, b with the month',
  );
});

test('new rows follow the model, whatever they alone would say', async () => {
  const { encoding, classNames } = await load(['1.12.2024', '31.12.2024']);
  const path = temporaryFile('n.csv', 'when,y\n5/6/2024,a\n2024-06-05,b\n');
  const like = { classes: 2, classNames, encoding };
  const { inputs, features } = await loadDataset(path, { encoding, like });
  expect(inputs[0]).toBe(inputs[features]);
});
