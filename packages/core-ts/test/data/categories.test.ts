import { describe, expect, test } from 'vitest';
import { booleanWords, CategoryIndex } from '../../src/data/categories.js';
import { bareNumber, canonicalNumber, isMissing, numberIn, trimmed } from '../../src/data/cell.js';

describe('words for true and false', () => {
  test('are those of any table, and letters only where there is nothing else', () => {
    const isWord = booleanWords(['true', 'maybe']);
    expect(['True', 'FALSE', 'yes', 'No'].every(isWord)).toBe(true);
    for (const text of ['y', 'n', 't', 'f', 'on', 'off', 'true ', 'yesno', 'falsely', '']) {
      expect(isWord(text), text).toBe(false);
    }
    for (const [pair, others] of [
      [
        ['Y', 'n'],
        ['t', 'on', 'yes', 'yn'],
      ],
      [
        ['T', 'f'],
        ['y', 'off', 'true', 'tf'],
      ],
      [
        ['On', 'OFF'],
        ['y', 't', 'of', 'o'],
      ],
    ] as const) {
      const isOfPair = booleanWords(pair);
      expect(pair.every(isOfPair)).toBe(true);
      expect(others.some(isOfPair), String(pair)).toBe(false);
    }
    expect(booleanWords(['y'])('n')).toBe(false);
    expect(booleanWords(['y', 't'])('y')).toBe(false);
    expect(booleanWords(['y', 'no'])('y')).toBe(false);
  });
});

describe('the category of a cell', () => {
  const places = (categories: string[], cells: (string | number | null)[], rules = 2) => {
    const index = new CategoryIndex(categories, rules, '.');
    return cells.map((cell) => index.find(cell));
  };

  test('is as it is written, else a word in any case, else a number', () => {
    expect(places(['Yes', 'no', '1.5', 'null'], ['YES', 'No', '1.50', 1.5, 'null'])).toEqual([
      ...[0, 1, 2, 2, 3],
    ]);
    expect(places(['yes', 'Yes'], ['yes', 'Yes'])).toEqual([0, 1]);
    expect(places(['a', '1000'], ['A', '1,000', 'b', '2'])).toEqual([
      undefined,
      1,
      undefined,
      undefined,
    ]);
  });

  test('is no word where no category is one', () => {
    expect(places(['a', 'b'], ['yes', 'true'])).toEqual([undefined, undefined]);
    expect(places(['yes', 'b'], ['true', 'B'])).toEqual([undefined, undefined]);
  });

  test('is nothing where there is no cell, whatever is called so', () => {
    expect(places(['NaN', 'a'], ['x', Number.NaN])).toEqual([undefined, 0]);
    expect(places(['0', 'a'], [null, '-0', -0])).toEqual([undefined, 0, 0]);
  });

  test('was only what is written, in 0.1.0', () => {
    expect(places(['yes', '1'], ['yes', '1', 1, 'YES', '1.0'], 1)).toEqual([
      ...[0, 1, 1, undefined, undefined],
    ]);
  });
});

describe('a cell', () => {
  test('is text, a number or nothing, without white space around it', () => {
    expect([' a b\t', 5, 7n, true, false].map(trimmed)).toEqual(['a b', 5, 7, 'true', 'false']);
    expect([null, undefined, new Date(Number.NaN)].map(trimmed)).toEqual([null, null, null]);
    expect(trimmed(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
  });

  test('is missing where it is nothing or no number', () => {
    for (const rules of [1, 2]) {
      expect([null, Number.NaN].every((cell) => isMissing(cell, rules))).toBe(true);
      expect([0, 5, 'a'].some((cell) => isMissing(cell, rules))).toBe(false);
    }
    expect([isMissing('nA', 1), isMissing('nA', 2)]).toEqual([true, false]);
    expect([isMissing('-nan', 1), isMissing('#VALUE!', 2)]).toEqual([true, true]);
    expect([isMissing('#N/A N/B', 2), isMissing('#N/A N/A', 2)]).toEqual([false, true]);
    expect(isMissing('-1.#QNAN', 2)).toBe(true);
  });

  test('is the number that it is', () => {
    expect([1.5, Number.POSITIVE_INFINITY].map((cell) => numberIn(cell, 2))).toEqual([
      1.5,
      Number.POSITIVE_INFINITY,
    ]);
    for (const rules of [1, 2]) {
      for (const none of [null, '', 'x', '0x1f', '0X1', '0o7', '0b1', '.', '1e', 'infinite']) {
        expect(numberIn(none, rules), String(none)).toBe(Number.NaN);
      }
      expect(['0', '00', '01', '0.5', '0e1'].map((cell) => numberIn(cell, rules))).toEqual([
        ...[0, 0, 1, 0.5, 0],
      ]);
      expect(numberIn('+inf', rules)).toBe(Number.POSITIVE_INFINITY);
      expect(numberIn('-INF', rules)).toBe(Number.NEGATIVE_INFINITY);
    }
    expect(numberIn('1.5', 2, ',')).toBe(Number.NaN);
    expect(numberIn('1e3', 2, ',')).toBe(1000);
  });

  test('is bare without what stands around its number', () => {
    expect(['5', '$5', '5 €', '-$5', '($5)', '\u22125', '(5 %)', '5(6)'].map(bareNumber)).toEqual([
      ...['5', '5', '5', '-5', '-5', '-5', '-5', '5(6)'],
    ]);
  });

  test('that is a number is written in one way', () => {
    expect([1, 1.5, -0, 1e21].map(canonicalNumber)).toEqual(['1', '1.5', '0', '1e+21']);
  });
});
