import { CHECKED_ROWS, ColumnCells } from './column-cells.js';
import { growingCodes } from './growing.js';
import { DASH, MISSING, NUMBER } from './kept-cells.js';
import { type CellBlock, MOST_ROWS, type RowBlock } from './row-block.js';
import type { TableSource } from './source.js';

/** Of a block's cells that hold nothing: their rows, and what was noted of them. */
const NOTHING = new Int32Array(MOST_ROWS);
const MARKS = new Int32Array(MOST_ROWS);

/** A column's cells, taken a block at a time too. */
export class ColumnStore extends ColumnCells {
  /** Adds the cells of a block from a row on. */
  addBlock(cells: CellBlock, from: number, { rows, lines }: RowBlock, source: TableSource): void {
    if (this.addNumbers(cells, from, rows) || this.addSeen(cells, from, rows)) return;
    const { numbers, codes, texts, marks } = cells;
    for (let row = from; row < rows; row += 1) {
      const value = numbers[row]!;
      if (Number.isNaN(value)) {
        const code = codes[row]!;
        const mark = marks[code]!;
        if (mark > 0) this.addKnown(mark - 1);
        else if (mark < 0) this.pushNothing(mark);
        else marks[code] = this.addUnmarked(texts[code]!, source, lines[row]!);
      } else {
        this.addNumber(value, null, source, lines[row]!);
        this.forms.addPlain(value);
      }
      this.length += 1;
    }
    // Once cells are too many for categories, it only matters how one with a decimal point is written.
    cells.takesNumbers = this.distinct === null && this.forms.hasDecimalPoint;
  }

  /**
   * Adds the cells of a block at once if all are numbers or nothing, and tell nothing new of their column: so are most.
   *
   * @returns whether they are
   */
  private addNumbers(cells: CellBlock, from: number, rows: number): boolean {
    if (this.countsRows || this.texts + this.dates > 0) return false;
    const { numbers, codes, marks } = cells;
    const { distinct, forms, length } = this;
    let { least, most } = this;
    let nothing = 0;
    for (let row = from; row < rows; row += 1) {
      const value = numbers[row]!;
      if (Number.isNaN(value)) {
        if (marks[codes[row]!]! >= 0) return false;
        NOTHING[nothing] = row;
        nothing += 1;
      } else {
        if (distinct !== null && !this.isSeen(value)) return false;
        if (value < least) least = value;
        if (value > most) most = value;
      }
    }
    if (!Number.isFinite(Math.fround(least)) || !Number.isFinite(Math.fround(most))) return false;
    this.least = least;
    this.most = most;
    this.numbers += rows - from - nothing;
    for (let row = from; row < rows && !forms.hasDecimalPoint; row += 1) {
      if (!Number.isNaN(numbers[row]!)) forms.addPlain(numbers[row]!);
    }
    this.values?.pushAll(part(numbers, from, rows));
    if (nothing > 0) this.codes ??= growingCodes(length, NUMBER);
    if (this.codes !== null) {
      for (let at = 0; at < nothing; at += 1) MARKS[at] = marks[codes[NOTHING[at]!]!]!;
      codes.fill(NUMBER, from, rows);
      for (let at = 0; at < nothing; at += 1) {
        codes[NOTHING[at]!] = MARKS[at]!;
        this.countNothing(MARKS[at]!);
      }
      this.codes.pushAll(part(codes, from, rows));
    }
    this.length += rows - from;
    if (Math.floor(length / CHECKED_ROWS) < Math.floor(this.length / CHECKED_ROWS)) {
      this.roundIfEnough();
    }
    return true;
  }

  /**
   * Adds the cells of a block at once if all are texts that were seen before, or nothing.
   *
   * @returns whether they are
   */
  private addSeen(cells: CellBlock, from: number, rows: number): boolean {
    const { numbers, codes, marks } = cells;
    for (let row = from; row < rows; row += 1) {
      if (!Number.isNaN(numbers[row]!) || marks[codes[row]!] === 0) return false;
    }
    const { seconds, counts } = this;
    let nothing = 0;
    for (let row = from; row < rows; row += 1) {
      const mark = marks[codes[row]!]!;
      if (mark < 0) {
        codes[row] = mark;
        this.countNothing(mark);
        nothing += 1;
      } else {
        codes[row] = mark - 1;
        counts[mark - 1]! += 1;
      }
    }
    let dates = 0;
    for (let row = from; row < rows && this.dates > 0; row += 1) {
      if (codes[row]! < 0) continue;
      numbers[row] = seconds[codes[row]!]!;
      if (!Number.isNaN(numbers[row]!)) dates += 1;
    }
    this.dates += dates;
    this.texts += rows - from - nothing - dates;
    this.values?.pushAll(part(numbers, from, rows));
    this.codes ??= growingCodes(this.length, NUMBER);
    this.codes.pushAll(part(codes, from, rows));
    this.length += rows - from;
    return true;
  }

  /**
   * Adds a text of a block of which nothing is noted.
   *
   * @returns what is to be noted: the code of one that is neither number nor nothing, and 1; what `pushNothing` takes;
   *   0 for others
   */
  private addUnmarked(text: string, source: TableSource, line: number): number {
    const cell = text.trim();
    const { nothing, dashes } = this;
    this.addCell(cell, source, line);
    if (this.nothing > nothing) return MISSING;
    return this.dashes > dashes ? DASH : (this.known.get(cell) ?? -1) + 1;
  }
}

/** Some of a block's rows; mostly all of them. */
function part<Cells extends Float64Array | Int32Array>(
  all: Cells,
  from: number,
  to: number,
): Cells {
  return from === 0 && to === all.length ? all : (all.subarray(from, to) as Cells);
}
