import { describe, expect, test } from 'vitest';
import { BlockTexts } from '../src/table/block-texts.js';
import type { Cell } from '../src/table/cell.js';
import { ColumnStore } from '../src/table/column-store.js';
import { type CellBlock, RowBlock } from '../src/table/row-block.js';
import { READING, SOURCE, storeOf } from './stores.js';

const rowsOf = <Value>(store: ColumnStore, of: (row: number) => Value): Value[] =>
  Array.from({ length: store.length }, (_, row) => of(row));

describe('a column', () => {
  test('of numbers', () => {
    const store = storeOf(['1.5', 2, '-3', '1.50']);
    expect(store).toMatchObject({
      length: 4,
      numbers: 4,
      texts: 0,
      dates: 0,
      missing: 0,
      least: -3,
      most: 2,
    });
    expect(store.firstNumber).toEqual({ source: SOURCE, line: 1, cell: '1.5' });
    expect([store.firstText, store.firstDate, store.firstMissing, store.firstInfinite]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect([...store.distinct!]).toEqual([1.5, 2, -3]);
    expect(rowsOf(store, (row) => store.valueAt(row))).toEqual([1.5, 2, -3, 1.5]);
    // A number that is written otherwise than JavaScript writes it keeps its text.
    expect(rowsOf(store, (row) => store.cellAt(row))).toEqual([1.5, 2, -3, '1.50']);
    expect([...store.differentTexts()]).toEqual(['1.5', '2', '-3', '1.50']);
    expect(storeOf([7]).firstNumber!.cell).toBe(7);
  });

  test('of texts', () => {
    const store = storeOf(['b', 'a', 'b', 'b']);
    expect(store).toMatchObject({
      numbers: 0,
      texts: 4,
      dates: 0,
      dictionary: ['b', 'a'],
      counts: [3, 1],
    });
    expect(store.firstText).toEqual({ source: SOURCE, line: 1, cell: 'b' });
    expect(rowsOf(store, (row) => store.cellAt(row))).toEqual(['b', 'a', 'b', 'b']);
    expect(rowsOf(store, (row) => store.codeAt(row))).toEqual([0, 1, 0, 0]);
    expect(store.valueAt(1)).toBeNaN();
    expect(store.momentAt(1)).toBeNull();
    expect([store.countOf('b'), store.countOf('c')]).toEqual([3, 0]);
    expect([...store.differentTexts()]).toEqual(['b', 'a']);
  });

  test('of dates', () => {
    const store = storeOf(['1970-01-02', '1970-01-01', '1970-01-02T00:00:05Z', '1970-01-02']);
    expect(store).toMatchObject({
      numbers: 0,
      texts: 0,
      dates: 4,
      least: 0,
      most: 86_405,
      hasTimes: true,
    });
    expect(store.firstDate).toEqual({ source: SOURCE, line: 1, cell: '1970-01-02' });
    expect(rowsOf(store, (row) => store.valueAt(row))).toEqual([86_400, 0, 86_405, 86_400]);
    expect(store.momentAt(1)).toEqual({ seconds: 0, hasTime: true });
    expect([...store.differentValues()!].sort((a, b) => a - b)).toEqual([0, 86_400, 86_405]);
    const days = storeOf(['1970-01-02', '1970-01-01']);
    expect(days.momentAt(0)).toEqual({ seconds: 86_400, hasTime: false });
    expect(storeOf(['1970-01-02'], { rules: 1 })).toMatchObject({ dates: 0, texts: 1 });
    expect(storeOf(['29/02/2024'])).toMatchObject({ dates: 0, texts: 1 });
    expect(storeOf(['29/02/2024'], { dates: 'day' })).toMatchObject({ dates: 1, texts: 0 });
  });

  test('of all of them', () => {
    const store = storeOf(['a', 1, '1970-01-02', '', 'a', '-', 2, null, 'b']);
    expect(store).toMatchObject({
      length: 9,
      numbers: 2,
      texts: 3,
      dates: 1,
      missing: 3,
      least: 1,
      most: 2,
    });
    expect(store.firstMissing).toEqual({ source: SOURCE, line: 4, cell: '' });
    expect(rowsOf(store, (row) => store.isMissingAt(row))).toEqual([
      false,
      false,
      false,
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(rowsOf(store, (row) => store.cellAt(row))).toEqual([
      'a',
      1,
      '1970-01-02',
      null,
      'a',
      '-',
      2,
      null,
      'b',
    ]);
    expect(rowsOf(store, (row) => store.valueAt(row))).toEqual([
      NaN,
      1,
      86_400,
      NaN,
      NaN,
      NaN,
      2,
      NaN,
      NaN,
    ]);
    expect([...store.differentTexts()]).toEqual(['a', '1', '1970-01-02', '2', 'b']);
    expect(store.differentValues()).toBeNull();
  });

  test('in which - stands beside + misses less', () => {
    const store = storeOf(['+', '-', '', '+']);
    expect(store).toMatchObject({ isSigned: true, missing: 1, texts: 2 });
    expect(rowsOf(store, (row) => store.isMissingAt(row))).toEqual([false, false, true, false]);
    expect([...store.differentTexts()]).toEqual(['+', '-']);
    expect(storeOf(['a', '-', ''])).toMatchObject({ isSigned: false, missing: 2 });
  });

  test('tells the first number that binary32 cannot hold', () => {
    expect(storeOf([1, '1e39', -1e40]).firstInfinite).toEqual({
      source: SOURCE,
      line: 2,
      cell: '1e39',
    });
    expect(storeOf([1, -1e40, '1e39']).firstInfinite).toEqual({
      source: SOURCE,
      line: 2,
      cell: -1e40,
    });
    expect(storeOf([3.4e38]).firstInfinite).toBeNull();
  });

  test.each<[Cell[], boolean]>([
    [[0, 1, 2], true],
    [['1', '2', '3'], true],
    [[1, 2, 4], false],
    [[2, 3, 4], false],
    [[0, 1, null], false],
    [[0, 1, 'a'], false],
    [[0, 2, 3], true],
    [[1, 1, 2], true],
    [[-1, 0, 1], false],
  ])('%j counts its rows: %j', (cells, expected) => {
    expect(storeOf(cells).countsRows).toBe(expected);
  });

  test.each([
    [[0, 1], [0, 1], true],
    [[0, 1], [2, 3], true],
    [[1, 2], [1, 2], true],
    [[1, 2], [3, 4], true],
    [[0, 1], [5, 6], false],
  ])('of the files %j and %j counts its rows: %j', (first, second, expected) => {
    const store = storeOf(first);
    store.beginFile();
    for (const cell of second) store.add(cell, SOURCE, 1);
    expect(store.countsRows).toBe(expected);
  });

  test('of more than a thousand different numbers keeps none of them apart', () => {
    const numbers = Array.from({ length: 1001 }, (_, at) => at / 2);
    expect(storeOf(numbers.slice(0, 1000)).distinct!.size).toBe(1000);
    const store = storeOf([...numbers, '7.0']);
    expect(store.distinct).toBeNull();
    expect(store.sample.size).toBe(1001);
    expect(store.cellAt(1001)).toBe(7);
  });

  test('looks at how texts are written once, and counts them', () => {
    const store = storeOf(['5 kg', '5 kg', '31/12/2024', 'x', '1970-01-02']);
    expect(store.forms).toMatchObject({ likeNumbers: 3, firstLikeNumber: '5 kg' });
    expect(store.dateForms).toMatchObject({ count: 1, order: 'day' });
  });

  test('keeps long texts as its own', () => {
    const long = 'a text that is longer than twelve letters';
    expect(storeOf([long, long, 'b'])).toMatchObject({ dictionary: [long, 'b'], counts: [2, 1] });
  });

  test('frees its cells', () => {
    const store = storeOf(['a', 1]);
    store.release(0);
    expect([store.valuesOf(0), store.codesOf(0)].map((piece) => piece!.length)).toEqual([0, 0]);
    expect([storeOf([1]).codesOf(0), storeOf(['a']).valuesOf(0)]).toEqual([null, null]);
  });
});

/** A text's bytes, between others. */
const around = (text: string): [Buffer, number, number] => {
  const bytes = Buffer.from(`<${text}>`);
  return [bytes, 1, bytes.length - 1];
};
/** A hash that many texts share. */
const hashOf = (text: string): number => (text.length * 7) % 5;

/** Puts a text into a row of a block's column. */
function setText(block: RowBlock, column: number, row: number, text: string, hash: number): void {
  const { numbers, codes } = block.columns[column]!;
  numbers[row] = Number.NaN;
  codes[row] = block.texts.codeOf(column, ...around(text), hash);
}

describe('blocks of cells', () => {
  test('keep a text once a column, whatever others have its hash', () => {
    const block = new RowBlock(2);
    const texts = Array.from({ length: 250 }, (_, at) => `t${(at * 7) % 90}`);
    for (const [row, text] of texts.entries()) {
      for (const column of [0, 1]) setText(block, column, row, text, hashOf(text));
    }
    expect(block.texts.texts).toHaveLength(180);
    expect(texts.map((_, row) => block.cellsOf(row))).toEqual(texts.map((text) => [text, text]));
    const [first, second] = block.columns as [CellBlock, CellBlock];
    expect(first.codes[0]).toBe(first.codes[90]);
    expect(first.codes[0]).not.toBe(second.codes[0]);
    first.numbers[5] = 2.5;
    expect(block.cellsOf(5)).toEqual([2.5, texts[5]]);
  });

  const keep = (texts: BlockTexts, all: readonly string[], hash: number): number[] =>
    all.map((text) => texts.codeOf(0, ...around(text), hash));

  test('tell texts apart that begin alike, are empty or not of ASCII', () => {
    const texts = new BlockTexts(1);
    const codes = keep(texts, ['ab', 'abc', 'a', '', 'äb', 'ab', '', 'b'], 3);
    expect(codes).toEqual([0, 1, 2, 3, 4, 0, 3, 5]);
    expect(texts.texts).toEqual(['ab', 'abc', 'a', '', 'äb', 'b']);
  });

  test('keep long texts', () => {
    const texts = new BlockTexts(1);
    const long = ['x'.repeat(63), 'y'.repeat(500), 'x'.repeat(63)];
    expect(keep(texts, long, 1)).toEqual([0, 1, 0]);
    expect(texts.texts).toEqual(long.slice(0, 2));
  });

  test('forget texts, and what was noted of them, when they are many or long', () => {
    const fill = (count: number, length: number, width = 0): BlockTexts => {
      const texts = new BlockTexts(width);
      for (let row = 0; row < count; row += 1) {
        texts.codeOf(0, ...around(`${row}`.padEnd(length, '-')), row * 31);
      }
      texts.marks.fill(5);
      texts.forget();
      return texts;
    };
    expect(fill(2 ** 12, 4).texts).toHaveLength(2 ** 12);
    expect(fill(2 ** 12 + 1, 4).texts).toEqual([]);
    expect(fill(2 ** 12 + 64, 4, 1).texts).toHaveLength(2 ** 12 + 64);
    expect(fill(2 ** 12 + 65, 4, 1).texts).toEqual([]);
    expect(fill(16, 2 ** 12).texts).toHaveLength(16);
    expect(fill(18, 2 ** 12, 8).texts).toHaveLength(18);
    expect(fill(19, 2 ** 12, 8).texts).toEqual([]);
    const long = fill(17, 2 ** 12);
    expect(long.texts).toEqual([]);
    expect([...new Set(long.marks)]).toEqual([0]);
    expect(keep(long, ['again'], 31)).toEqual([0]);
    expect(long.texts).toEqual(['again']);
    new BlockTexts(1).forget();
  });

  test.each([
    [1, 256],
    [2, 256],
    [64, 256],
    [65, 252],
    [2 ** 14, 1],
    [2 ** 14 + 1, 1],
  ])('of %i columns have room for %i rows', (width, room) => {
    const block = new RowBlock(width);
    expect(block.room).toBe(room);
    expect(block.columns).toHaveLength(width);
    expect(block.lines).toHaveLength(room);
    expect(block.columns[0]!.numbers).toHaveLength(room);
  });

  test('give rows, and make room for others', () => {
    const block = new RowBlock(2);
    block.columns[0]!.numbers[1] = 5;
    setText(block, 1, 1, 'a', 1);
    block.rows = 2;
    expect(block.cellsOf(1)).toEqual([5, 'a']);
    block.clear();
    expect(block.rows).toBe(0);
  });
});

describe('a column that is added by blocks is the same as one by cells', () => {
  const numbers = Array.from({ length: 1400 }, (_, at) => ((at * 7919) % 4001) / 8);
  const sparse = numbers.map(
    (value, at): Cell => (at % 97 === 5 ? '' : at % 89 === 7 ? '-' : value),
  );
  const cases: [string, readonly Cell[]][] = [
    ['numbers', numbers],
    ['numbers enough for binary32', [...numbers, ...numbers, ...numbers, ...numbers]],
    ['numbers and nothing', sparse],
    ['numbers, then texts', [...numbers, 'a', 'b', 'a', ...numbers.slice(0, 300)]],
    ['texts', numbers.map((value) => `t${value % 13}`)],
    ['texts with white space', numbers.map((value) => ` t${value % 13}\t`)],
    ['dates', numbers.map((value) => new Date(value * 1e7).toISOString())],
    ['signs', numbers.map((_, at) => '+-'[at % 2]!)],
    ['a few numbers', numbers.map((value) => Math.floor(value) % 3)],
    ['the rows’ numbers', numbers.map((_, at) => at + 1)],
    ['numbers beyond binary32', [...numbers, 1e39, -1e39, ...numbers.slice(0, 300)]],
    ['a number beyond binary32 below', [...numbers, -1e39]],
    ['nothing', numbers.map(() => '')],
    ['numbers, then nothing alone', [...numbers, ...numbers.slice(0, 600).map(() => 'NaN')]],
    ['numbers near each other', numbers.map((value) => 1e9 + value)],
    ['several of each', sparse.map((cell, at) => (at % 500 === 499 ? 'x' : cell))],
  ];

  test.each(cases)('%s', (_, cells) => {
    const one = storeOf(cells.map((cell) => String(cell).trim()));
    const store = new ColumnStore(READING);
    const block = new RowBlock(1);
    const [column] = block.columns as [CellBlock];
    const add = () => {
      if (block.rows > 0) store.addBlock(column, 0, block, SOURCE);
      block.clear();
    };
    for (const [at, cell] of cells.entries()) {
      block.lines[block.rows] = at + 1;
      if (typeof cell === 'number') column.numbers[block.rows] = cell;
      else setText(block, 0, block.rows, cell as string, hashOf(cell as string));
      block.rows += 1;
      if (block.rows === block.room) add();
    }
    add();
    store.finish();
    const told = (of: ColumnStore) => ({
      ...of,
      values: undefined,
      codes: undefined,
      // What is known to be among the different numbers, of which nothing depends but time.
      small: undefined,
      forms: { ...of.forms },
      // By blocks some numbers have no text, and it is looked more rarely whether binary32 will do.
      firstNumber: of.firstNumber?.line,
      firstInfinite: of.firstInfinite?.line,
    });
    expect(told(store)).toEqual(told(one));
    const cellsOf = (of: ColumnStore): string =>
      rowsOf(of, (row) => `${of.cellAt(row)} ${of.isMissingAt(row)} ${of.valueAt(row)}`).join();
    expect(cellsOf(store) === cellsOf(one)).toBe(true);
  });

  test('from a row on, and says when numbers need no longer be written as JavaScript writes them', () => {
    const store = new ColumnStore(READING);
    const block = new RowBlock(1);
    const [column] = block.columns as [CellBlock];
    column.numbers.set([1, 2, 3]);
    block.rows = 3;
    store.addBlock(column, 1, block, SOURCE);
    expect(rowsOf(store, (row) => store.valueAt(row))).toEqual([2, 3]);
    expect(column.takesNumbers).toBe(false);
    for (let start = 0; start < 1100; start += 100) {
      column.numbers.set(Array.from({ length: 100 }, (_, at) => start + at));
      block.rows = 100;
      store.addBlock(column, 0, block, SOURCE);
    }
    expect(column.takesNumbers).toBe(false);
    column.numbers[0] = 0.5;
    block.rows = 1;
    store.addBlock(column, 0, block, SOURCE);
    store.addBlock(column, 0, block, SOURCE);
    expect(store.length).toBe(1104);
  });
});
