import { describe, expect, test } from 'vitest';
import type { Cell } from '../src/table/cell.js';
import { findNumberFormat, usualDecimalOf } from '../src/table/number-format.js';
import { storeOf } from './stores.js';

type Decimal = '.' | ',' | undefined;

const find = (columns: readonly (readonly Cell[])[], usual?: Decimal, known?: Decimal) =>
  findNumberFormat(
    columns.map((cells) => storeOf(cells)),
    ['a', 'b', 'c'],
    usual,
    known,
  );
const becauseOf = (name: string) =>
  `numbers are read with decimal commas, and points between thousands, because of column ${name}`;

test('what stands between cells goes with a decimal', () => {
  expect([';', ',', '\t', ' '].map(usualDecimalOf)).toEqual([',', '.', undefined, undefined]);
});

describe('cells show how numbers are written', () => {
  test.each<[string, Cell[][], string | null]>([
    ['a comma', [['1,5']], 'a'],
    ['a comma in another column', [['x'], ['1,5']], 'b'],
    ['commas, though the first column has but points', [['1.234.567'], ['1,5']], 'b'],
    ['points between thousands', [['x'], ['1.234.567']], 'b'],
    ['commas in more than half of the texts', [['1,5', '2,5', 'x']], 'a'],
    ['commas and points in more than half', [['1,5', '1.234.567', 'x']], 'a'],
    ['commas among numbers', [['1,5', 'x', 'x', 7, 8]], 'a'],
    ['a point', [['1.5']], null],
    ['a point beside commas', [['1,5'], ['2.5']], null],
    ['a point in as many cells as are texts', [['1,5'], ['2.5', 'x']], null],
    ['a point in fewer cells than are texts', [['1,5'], ['2.5', 'x', 'y']], 'a'],
    ['commas between thousands', [['1,5'], ['1,234,567']], null],
  ])('%s', (_, columns, because) => {
    expect(find(columns)).toEqual({
      decimal: because === null ? '.' : ',',
      note: because === null ? null : becauseOf(because),
      isShown: true,
    });
    // It is so whatever is usual, or a model knows.
    expect(find(columns, '.', ',')).toEqual(find(columns));
    expect(find(columns, ',', '.')).toEqual(find(columns));
  });

  test.each<[string, Cell[][]]>([
    ['texts', [['x', 'y']]],
    ['whole numbers', [[1, '2']]],
    ['a number that is no text', [[1.5]]],
    ['a comma in half of the texts', [['1,5', 'x']]],
    ['a comma in fewer', [['1,5', 'x', 'y']]],
    ['a comma in half of what is left beside numbers', [['1,5', 'x', 'x', 7]]],
    ['a point that is either, in fewer cells than are texts', [['1.234', 'x', 'y']]],
    ['nothing', []],
  ])('but not %s', (_, columns) => {
    expect(find(columns, ',', ',')).toBeNull();
  });
});

describe('where numbers could be read either way', () => {
  const comma = [['x'], ['1,234']];
  const point = [['x'], ['1.234', 'y']];
  const isDecimal = 'column b holds numbers such as 1,234: the comma is a decimal one';
  const isThousands = 'column b holds numbers such as 1,234: the comma stands between thousands';
  const pointIsDecimal = 'column b holds numbers such as 1.234: the point is a decimal one';
  const pointIsThousands =
    'column b holds numbers such as 1.234: the point stands between thousands';

  test.each<[Cell[][], Decimal, Decimal, '.' | ',', string | null]>([
    [comma, undefined, undefined, '.', isThousands],
    [comma, '.', undefined, '.', isThousands],
    [comma, ',', undefined, ',', isDecimal],
    [comma, undefined, ',', ',', null],
    [comma, ',', ',', ',', null],
    [comma, '.', ',', ',', isDecimal],
    [comma, undefined, '.', '.', null],
    [comma, '.', '.', '.', null],
    [comma, ',', '.', '.', isThousands],
    [point, undefined, undefined, '.', pointIsDecimal],
    [point, ',', undefined, '.', pointIsDecimal],
    [point, undefined, ',', ',', null],
    [point, ',', ',', ',', null],
    [point, '.', ',', ',', pointIsThousands],
    [point, undefined, '.', '.', null],
    [point, ',', '.', '.', pointIsDecimal],
    // A comma says more than a point.
    [[...point, ['1,234']], ',', undefined, ',', isDecimal.replace('column b', 'column c')],
  ])('%j, usually %s, of a model with %s', (columns, usual, known, decimal, note) => {
    expect(find(columns, usual, known)).toEqual({ decimal, note, isShown: false });
  });
});
