import { describe, expect, test } from 'vitest';
import { ColumnStore } from '../src/table/column-store.js';
import { READING, SOURCE, storeOf } from './stores.js';

describe('a column of many rows', () => {
  test('keeps 2^17 different texts, and counts the others', () => {
    const store = new ColumnStore(READING);
    for (let at = 0; at < 2 ** 17 + 3; at += 1) store.add(`t${at}`, SOURCE, at);
    store.add('t5', SOURCE, 1);
    expect(store).toMatchObject({ unkept: 3, texts: 2 ** 17 + 4 });
    expect(store.dictionary).toHaveLength(2 ** 17);
    expect(store.cellAt(2 ** 17)).toBe('\u0000');
    expect(store.isMissingAt(2 ** 17)).toBe(false);
    expect(store.cellAt(2 ** 17 + 3)).toBe('t5');
    expect(store.differentValues()).toBeNull();
  });

  test('of numbers that are many is kept in binary32, unless they are near each other or all is to be kept', () => {
    const numbers = (first: number) => Array.from({ length: 4097 }, (_, at) => first + at / 3);
    const far = storeOf(numbers(0));
    expect(far.valuesOf(0)).toBeInstanceOf(Float32Array);
    expect(far.valueAt(1)).toBe(Math.fround(1 / 3));
    expect([far.isEnough(false), far.isEnough(true)]).toEqual([true, false]);
    const near = storeOf(numbers(1e9));
    expect(near.valuesOf(0)).toBeInstanceOf(Float64Array);
    expect([near.isEnough(false), near.isEnough(true)]).toEqual([true, true]);
    expect(storeOf(numbers(0), { keepsAll: true }).valuesOf(0)).toBeInstanceOf(Float64Array);
    expect(storeOf(['a', ...numbers(0)]).valuesOf(0)).toBeInstanceOf(Float64Array);
    expect(storeOf([...numbers(0), 'a']).isEnough(false)).toBe(false);
    expect(storeOf(numbers(0).map((_, at) => at % 900)).valuesOf(0)).toBeInstanceOf(Float64Array);
    expect(storeOf(numbers(0).slice(0, 4096)).valuesOf(0)).toBeInstanceOf(Float64Array);
  });

  test('of many different dates does not keep their texts, unless all is to be kept', () => {
    const dates = (count: number) =>
      Array.from({ length: count }, (_, at) => new Date(at * 1000).toISOString());
    const store = storeOf(dates(2 ** 13 + 2));
    expect(store.dictionary).toHaveLength(2 ** 13);
    expect(store).toMatchObject({ unkept: 2, dates: 2 ** 13 + 2 });
    expect(store.valueAt(2 ** 13 + 1)).toBe(2 ** 13 + 1);
    expect([store.isEnough(false), store.isEnough(true)]).toEqual([true, false]);
    expect(storeOf(dates(2 ** 13)).isEnough(true)).toBe(true);
    expect(storeOf(dates(2 ** 13 + 2), { keepsAll: true }).dictionary).toHaveLength(2 ** 13 + 2);
    expect(storeOf([...dates(2 ** 13 + 2), 'a']).isEnough(false)).toBe(false);
    expect(storeOf([...dates(2 ** 13 + 2), 5]).isEnough(false)).toBe(false);
    expect(storeOf(['a', ...dates(2 ** 13 + 2)]).unkept).toBe(0);
  });
});
