import { expect, test } from 'vitest';
import { isEncoding } from '../../src/data/check-encoding.js';

const column = { name: 'a', categories: null };
const kinds = { name: 'k', categories: ['x', 'y'] };
const date = { unit: 'days', parts: ['month'] };
const whole = { rules: 2, columns: [column, kinds], label: 'y' };
const withColumn = (changes: object) => ({ ...whole, columns: [{ ...column, ...changes }] });
const withTargets = (...targets: unknown[]) => ({ ...whole, targets });

test.each<[object, features: number, outputs: number]>([
  [whole, 3, 1],
  [{ ...whole, rules: undefined }, 3, 1],
  [{ ...whole, rules: 1 }, 3, 1],
  [{ ...whole, columns: [] }, 0, 1],
  [{ ...whole, decimal: ',' }, 3, 1],
  [{ ...whole, dates: 'day' }, 3, 1],
  [{ ...whole, dates: 'month' }, 3, 1],
  [{ ...whole, missing: 'drop' }, 3, 1],
  [{ ...whole, missing: 'error' }, 3, 1],
  [withColumn({ other: true }), 2, 1],
  [withColumn({ missing: true }), 2, 1],
  [withColumn({ offset: -1.5, median: 0 }), 1, 1],
  [withColumn({ date }), 2, 1],
  [withColumn({ date: { unit: 'seconds', parts: ['month', 'weekday', 'hour'] } }), 4, 1],
  [withColumn({ date: { unit: 'seconds', parts: [] } }), 1, 1],
  [withTargets({ name: 'y' }), 3, 1],
  [withTargets({ name: 'y', offset: 1 }, { name: 'z', categories: ['no', 'yes'] }), 3, 2],
])('%j is an encoding', (value, features, outputs) => {
  expect(isEncoding(value, features, outputs)).toBe(true);
});

test.each<[value: unknown, features: number]>([
  [null, 3],
  ['text', 3],
  [undefined, 3],
  ...[2, 4].map((features): [unknown, number] => [whole, features]),
  ...[0, 3, 1.5, '2', null].map((rules): [unknown, number] => [{ ...whole, rules }, 3]),
  ...[5, null, undefined, ['y']].map((label): [unknown, number] => [{ ...whole, label }, 3]),
  ...['.', ';', null, true].map((decimal): [unknown, number] => [{ ...whole, decimal }, 3]),
  ...['year', '', null, true].map((dates): [unknown, number] => [{ ...whole, dates }, 3]),
  ...['keep', '', null, true].map((missing): [unknown, number] => [{ ...whole, missing }, 3]),
  ...[{ length: 0 }, undefined, null].map((columns): [unknown, number] => [
    { ...whole, columns },
    0,
  ]),
  ...['x', null, 5].map((one): [unknown, number] => [{ ...whole, columns: [column, one] }, 2]),
  ...[5, null, undefined].map((name): [unknown, number] => [withColumn({ name }), 1]),
  [withColumn({ categories: 'x' }), 1],
  [withColumn({ categories: undefined }), 1],
  [withColumn({ categories: ['x', 5] }), 2],
  ...[false, 1, 'true', null].flatMap((value): [unknown, number][] => [
    [withColumn({ other: value }), 1],
    [withColumn({ missing: value }), 1],
  ]),
  ...['1', Number.NaN, Number.POSITIVE_INFINITY, null].flatMap((value): [unknown, number][] => [
    [withColumn({ offset: value }), 1],
    [withColumn({ median: value }), 1],
    [withTargets({ name: 'y', offset: value }), 3],
  ]),
  [withColumn({ date: { ...date, unit: 'hours' } }), 2],
  [withColumn({ date: { ...date, unit: undefined } }), 2],
  [withColumn({ date: { ...date, parts: ['year'] } }), 2],
  [withColumn({ date: { ...date, parts: ['month', ''] } }), 3],
  [withColumn({ date: { ...date, parts: { length: 1 } } }), 2],
  [withColumn({ date: { length: 0, parts: { length: 0 } } }), 1],
  [{ ...whole, targets: 'y' }, 3],
  [{ ...whole, targets: null }, 3],
  [withTargets(), 3],
  [withTargets({ name: 'y' }, { name: 'z' }), 3],
  ...[null, 'y', {}, { name: 5 }].map((target): [unknown, number] => [withTargets(target), 3]),
  ...[[], ['a'], ['a', 'b', 'c'], ['a', 5], 'ab', null].map((categories): [unknown, number] => [
    withTargets({ name: 'y', categories }),
    3,
  ]),
])('%j of %d features is none', (value, features) => {
  expect(isEncoding(value, features, 1)).toBe(false);
});
