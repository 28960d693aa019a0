import { describe, expect, test } from 'vitest';
import {
  BitgradError,
  decodeTargets,
  encodedWidth,
  encodeRow,
  featureNames,
  RowEncoder,
  type RowRecord,
  type TableEncoding,
} from '../../src/index.js';

const people: TableEncoding = {
  rules: 2,
  columns: [
    { name: 'age', categories: null, missing: true, median: 41.5 },
    { name: 'seen', categories: null, offset: 1_700_000_000 },
    { name: 'town', categories: ['Bonn', 'Ulm'], missing: true },
    { name: 'job', categories: ['smith'], other: true },
    { name: 'smokes', categories: ['No', 'Yes'] },
    { name: 'born', categories: null, date: { unit: 'days', parts: ['month', 'weekday'] } },
  ],
  label: 'pay',
};
const row = {
  age: '30',
  seen: '1700000003',
  town: 'Ulm',
  job: 'smith',
  smokes: 'YES',
  born: '2024-02-29',
};
const featuresOf = (changes: Record<string, string | number | boolean | null> = {}) => [
  ...encodeRow(people, { ...row, ...changes }).features,
];
const known = [30, 0, 3, 0, 1, 0, 1, 0, 0, 1, 19_782, 2, 3];

test('turns a row into features, by names or in the columns’ order', () => {
  expect(featuresOf()).toEqual(known);
  expect([...encodeRow(people, Object.values(row)).features]).toEqual(known);
  expect(encodedWidth(people)).toBe(known.length);
  expect(featureNames(people)).toEqual([
    'age',
    'age (missing)',
    'seen',
    'town=Bonn',
    'town=Ulm',
    'town (missing)',
    'job=smith',
    'job (other)',
    'smokes=No',
    'smokes=Yes',
    'born',
    'born (month)',
    'born (weekday)',
  ]);
});

test('subtracts offsets before it rounds: binary32 could not tell these apart', () => {
  expect(Math.fround(1_700_000_003)).toBe(Math.fround(1_700_000_010));
  expect(featuresOf({ seen: 1_700_000_003 })[2]).toBe(3);
  expect(featuresOf({ seen: '1700000010' })[2]).toBe(10);
});

test.each(['', 'NA', '?', '-', '--', '.', 'None', '<NA>', '#N/A N/A', null, Number.NaN])(
  'takes %j for missing',
  (cell) => {
    const { features, missing, unknown } = encodeRow(people, { ...row, age: cell, town: cell });
    expect([...features].slice(0, 6)).toEqual([41.5, 1, 3, 0, 0, 1]);
    expect(missing).toEqual(['age', 'town']);
    expect(unknown).toEqual([]);
  },
);

test('leaves the features of a missing category 0 where none says that it is missing', () => {
  expect(featuresOf({ smokes: null, job: '' }).slice(6, 10)).toEqual([0, 0, 0, 0]);
});

test('keeps missing numbers as NaN where asked', () => {
  const options = { keepMissing: true };
  const { features } = encodeRow(people, { ...row, age: null }, options);
  expect([...features].slice(0, 2)).toEqual([Number.NaN, 1]);
});

describe('a category that is not listed', () => {
  test('is zeros and counted', () => {
    const encoder = new RowEncoder(people);
    const features = new Float32Array(encoder.width);
    encoder.encode(encoder.cellsOf({ ...row, town: 'Rome' }), features);
    expect([...features].slice(3, 6)).toEqual([0, 0, 0]);
    expect(encoder.columns.map(({ unknown }) => unknown)).toEqual([0, 0, 1, 0, 0, 0]);
  });

  test('is the other one where there is such a feature', () => {
    expect(featuresOf({ job: 'baker' }).slice(6, 8)).toEqual([0, 1]);
  });

  test('is an error where that is asked for', () => {
    expect(() => encodeRow(people, { ...row, town: 'Rome' }, { strict: true })).toThrow(
      'column "town": expected one of the 2 categories that the model was trained on, received "Rome"',
    );
  });
});

test.each<[string, string, string]>([
  ['age', 'old', 'column "age": expected a number, received "old"'],
  ['age', '0x1f', 'column "age": expected a number, received "0x1f"'],
  ['age', '1e39', 'column "age": expected a number that binary32 can hold, received "1e39"'],
  ['age', 'inf', 'column "age": expected a number that binary32 can hold, received "inf"'],
  ['born', '29.2.2024', 'column "born": expected a date of ISO 8601'],
])('refuses %s = %j', (name, cell, message) => {
  expect(() => featuresOf({ [name]: cell })).toThrow(message);
});

test('refuses a row without a column, and one of another length', () => {
  const { town: _, ...rest } = row;
  expect(() => encodeRow(people, rest)).toThrow(
    'column "town": expected a value, received no value (columns of the row: age, seen, job, smokes, born)',
  );
  expect(() => encodeRow(people, ['30'])).toThrow(
    'sample: expected 6 cells (age, seen, town, job, smokes, born), received 1',
  );
});

test('finds a column with points in its name in the objects of a row', () => {
  const column = (name: string) => ({ name, categories: null, median: 7 });
  const encoding = { rules: 2, label: 'y', columns: ['a.b.c', 'a.d', 'x.y'].map(column) };
  const features = (one: RowRecord) => [...encodeRow(encoding, one).features];
  expect(features({ a: { b: { c: 1 }, d: 2 }, 'x.y': 3 })).toEqual([1, 2, 3]);
  expect(features({ a: { 'b.c': 1, d: 2 }, x: { y: 3 } })).toEqual([1, 2, 3]);
  expect(features({ 'a.b': { c: 1 }, 'a.d': 2, 'x.y': 3, x: { y: 4 } })).toEqual([1, 2, 3]);
  expect(features({ a: null, x: { y: 3 } })).toEqual([7, 7, 3]);
  expect(() => features({ a: { b: { c: 1 } }, 'x.y': 3 })).toThrow(
    'column "a.d": expected a value',
  );
  expect(() => features({ a: { b: { c: {} }, d: 2 }, 'x.y': 3 })).toThrow(
    'column "a.b.c": expected',
  );
});

describe('an encoding of 0.1.0', () => {
  const old: TableEncoding = {
    columns: [
      { name: 'size', categories: null },
      { name: 'kind', categories: ['-', 'None', 'TRUE'] },
    ],
    label: 'y',
  };

  test('is read by its rules', () => {
    const features = (kind: string) => [...encodeRow(old, { size: '1e1', kind }).features];
    expect(features('-')).toEqual([10, 1, 0, 0]);
    expect(features('None')).toEqual([10, 0, 1, 0]);
    expect(encodeRow(old, { size: 1, kind: 'true' }).unknown).toEqual(['kind']);
  });

  test.each(['', 'NA', 'null'])('has nothing that stands in for %j', (cell) => {
    expect(() => encodeRow(old, { size: cell, kind: '-' })).toThrow(BitgradError);
    expect(() => encodeRow(old, { size: 1, kind: cell })).toThrow('expected a value');
  });

  test.each(['-', '1,000', '5 %', '$3'])('knows no number %j', (cell) => {
    expect(() => encodeRow(old, { size: cell, kind: '-' })).toThrow('expected a number');
  });
});

test('gives targets their offsets back', () => {
  const targets = [{ name: 'y', offset: 1e9 }, { name: 'z' }];
  expect([...decodeTargets({ targets }, Float32Array.of(1.5, 2, 3, 4))]).toEqual([
    1_000_000_001.5, 2, 1_000_000_003, 4,
  ]);
});

describe('a row', () => {
  const encoder = () => new RowEncoder(people);

  test('is cells of a number, or members of its columns', () => {
    const cells = Object.values(row);
    expect(encoder().cellsOf(cells)).toBe(cells);
    expect(encoder().cellsOf({ ...row, more: 1, age: null })).toEqual([null, ...cells.slice(1)]);
    for (const none of [null, undefined, 5, 'text'] as const) {
      expect(() => encoder().cellsOf(none as never)).toThrow(
        'sample: expected a row, an object with a value for each column (age, seen, town, job, smokes, born), received',
      );
    }
    expect(() => encoder().cellsOf({})).toThrow('(columns of the row: none)');
    const wide = Object.fromEntries([...'abcdefg'].map((name) => [name, 1]));
    expect(() => encoder().cellsOf(wide)).toThrow('(columns of the row: a, b, c, d, e, f, …)');
  });

  test('has no cells of what every object inherits', () => {
    const odd = new RowEncoder({
      columns: [{ name: 'constructor', categories: null }],
      label: 'y',
    });
    expect(() => odd.cellsOf({})).toThrow('column "constructor": expected a value');
    expect(odd.cellsOf({ constructor: 5 } as never)).toEqual([5]);
  });

  test('is written from where it should stand, cell by cell from where they are', () => {
    const encoding: TableEncoding = {
      rules: 2,
      columns: [
        { name: 'a', categories: null },
        { name: 'k', categories: ['x', 'y'] },
      ],
      label: 'l',
    };
    const features = new Float32Array(8);
    new RowEncoder(encoding).encode(['y', 'ignored', 7], features, 4, [2, 0]);
    expect([...features]).toEqual([0, 0, 0, 0, 7, 0, 1, 0]);
  });
});

describe('a column', () => {
  test('counts what it does not know and what is missing, and keeps the first unknown', () => {
    const encoder = new RowEncoder(people);
    const write = (changes: object) =>
      encoder.encode(encoder.cellsOf({ ...row, ...changes }), new Float32Array(encoder.width));
    write({ town: 'Rome' });
    write({ town: 'Oslo', age: 'NA' });
    write({ town: '-', born: '' });
    const [age, , town, , , born] = encoder.columns;
    expect([town!.unknown, town!.firstUnknown, town!.missing]).toEqual([2, 'Rome', 1]);
    expect([age!.unknown, age!.missing, born!.missing]).toEqual([0, 1, 1]);
    expect(town!.placeOf('Ulm')).toBe(1);
    expect(town!.placeOf('Rome')).toBeUndefined();
    expect(age!.placeOf('Ulm')).toBeUndefined();
  });

  test('of dates is a number and its parts, or what stands in', () => {
    const when = (date: object, more: object = {}): TableEncoding => ({
      rules: 2,
      columns: [{ name: 'd', categories: null, date: date as never, ...more }],
      label: 'y',
    });
    const features = (encoding: TableEncoding, cell: unknown, options = {}) => [
      ...encodeRow(encoding, [cell as string], options).features,
    ];
    const seconds = when({ unit: 'seconds', parts: ['hour', 'month'] }, { offset: 1_709_211_000 });
    expect(features(seconds, '2024-02-29T13:05')).toEqual([900, 13, 2]);
    expect(features(seconds, new Date(1_709_211_900_000))).toEqual([900, 13, 2]);
    expect(features(seconds, { seconds: 1_709_211_900, hasTime: true })).toEqual([900, 13, 2]);
    const days = when({ unit: 'days', parts: ['weekday'] }, { missing: true, median: 5 });
    expect(features(days, '29.2.2024', { dates: 'day' })).toEqual([19_782, 3, 0]);
    expect(features({ ...days, dates: 'month' }, '2/29/2024')).toEqual([19_782, 3, 0]);
    expect(features(days, null)).toEqual([5, 0, 1]);
    expect(features(days, '')).toEqual([5, 0, 1]);
    expect(features(days, '', { keepMissing: true })).toEqual([Number.NaN, 0, 1]);
    expect(() => features(days, 'x')).toThrow(
      'column "d": expected a date of ISO 8601, as in 2024-02-29, received "x"',
    );
    expect(() => features({ ...days, dates: 'day' }, 'x')).toThrow(
      'column "d": expected a date, as in 29.02.2024, received "x"',
    );
    expect(() => features({ ...days, rules: 1 }, '')).toThrow('received no value');
  });

  test('of numbers has none that binary32 cannot hold, and no other things', () => {
    const numbers: TableEncoding = {
      rules: 2,
      columns: [{ name: 'n', categories: null, offset: 1e39 }],
      label: 'y',
    };
    const of = (cell: unknown) => encodeRow(numbers, [cell as string]).features[0];
    expect(of(1e39)).toBe(0);
    expect(of('1e39')).toBe(0);
    expect(() => of(0)).toThrow('column "n": expected a number that binary32 can hold, received 0');
    for (const thing of [{}, [5], { seconds: 5, hasTime: true }]) {
      expect(() => of(thing)).toThrow('column "n": expected a number, a text or a date, received');
    }
    expect(of(null)).toBe(Number.NaN);
    const comma = { ...numbers, columns: [{ name: 'n', categories: null }] };
    expect(encodeRow({ ...comma, decimal: ',' }, ['1,5']).features[0]).toBe(1.5);
    expect(encodeRow(comma, ['1,5'], { decimal: ',' }).features[0]).toBe(1.5);
    expect(encodeRow({ ...comma, decimal: ',' }, ['1.5'], { decimal: '.' }).features[0]).toBe(1.5);
  });
});
