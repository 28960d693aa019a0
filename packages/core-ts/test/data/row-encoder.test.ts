import { describe, expect, test } from 'vitest';
import {
  BitgradError,
  decodeTargets,
  encodedWidth,
  encodeRow,
  featureNames,
  RowEncoder,
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
