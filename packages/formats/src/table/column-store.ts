import {
  type DateOrder,
  type Decimal,
  isMissing,
  type Moment,
  numberIn,
  parseDate,
} from '@bitgrad/core';
import type { Cell } from './cell.js';

import { DateForms } from './date-order.js';
import { growingCodes } from './growing.js';
import { DASH, KeptCells, MISSING, NUMBER, UNKEPT } from './kept-cells.js';
import { NumberForms } from './number-forms.js';
import { isNear } from './offset.js';
import { type CellBlock, MOST_ROWS, type RowBlock } from './row-block.js';
import type { TableSource } from './source.js';

/** The most categories or classes that a column may hold. */
export const maximumCategories = 1000;

/** The most different dates of a column of nothing else that are kept as texts. */
const MOST_DATES = 2 ** 13;

/** How often it is looked whether binary32 will do, in rows. */
const CHECKED_ROWS = 4096;

/** Below lie the whole numbers that most columns of such hold, and from so many rows on it pays to mark them. */
const SMALL = 1024;
const MARKED_ROWS = 256;
const NO_MARKS = new Uint8Array(0);

/** Of a block's cells that hold nothing: their rows, and what was noted of them. */
const NOTHING = new Int32Array(MOST_ROWS);
const MARKS = new Int32Array(MOST_ROWS);

/** A cell and where it stands. */
export interface Found {
  readonly source: TableSource;
  readonly line: number;
  readonly cell: Cell;
}

/** How cells are read. */
export interface Reading {
  readonly rules: number;
  readonly decimal: Decimal;
  /** With what dates begin that are not of ISO 8601; only those are read if left out. */
  readonly dates?: DateOrder | undefined;
  /** Whether numbers stay binary64 where binary32 will do for features, and every date keeps its text. */
  readonly keepsAll: boolean;
}

/** All cells of a column, and what is known of them. */
export class ColumnStore extends KeptCells {
  /** Cells that hold dates; other texts that are no numbers. */
  dates = 0;
  texts = 0;
  least = Number.POSITIVE_INFINITY;
  most = Number.NEGATIVE_INFINITY;
  /** Whether the cells are the rows' numbers, counted from 0 or from 1, in each file or in all. */
  countsRows = true;
  firstNumber: Found | null = null;
  firstText: Found | null = null;
  firstDate: Found | null = null;
  firstMissing: Found | null = null;
  /** The first number that is infinite in binary32. */
  firstInfinite: Found | null = null;
  readonly forms = new NumberForms();
  readonly dateForms = new DateForms();
  /** The different numbers, or null once there are more than `maximumCategories`. */
  distinct: Set<number> | null = new Set();
  /** For each of the smallest whole numbers, whether it is known to be one of these: that is faster looked up. */
  private small = NO_MARKS;
  /** Different numbers, where there were too many to keep them all. */
  sample: ReadonlySet<number> = new Set();
  /** The codes of texts that are no numbers. */
  private readonly known = new Map<string, number>();
  /** Whether the numbers are kept in binary32. */
  private isRounded = false;
  /** Whether there are dates whose texts are not kept. */
  private isAbridged = false;
  private fileStart = 0;

  constructor(private readonly reading: Reading) {
    super();
  }

  /** Says that the next cell is the first of another file. */
  beginFile(): void {
    this.fileStart = this.length;
  }

  /** @param cell trimmed */
  add(cell: Cell, source: TableSource, line: number): void {
    this.addCell(cell, source, line);
    this.length += 1;
  }

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

  private addCell(cell: Cell, source: TableSource, line: number): void {
    const known = typeof cell === 'string' ? this.known.get(cell) : undefined;
    if (known !== undefined) this.addKnown(known);
    else this.addNew(cell, source, line);
  }

  private addNew(cell: Cell, source: TableSource, line: number): void {
    const { rules, decimal } = this.reading;
    // No text is both: where all were dates, the next one is hardly a number.
    const moment = this.dates > 0 && this.numbers === 0 ? this.momentIn(cell) : null;
    const value = moment === null ? numberIn(cell, rules, decimal) : Number.NaN;
    if (moment !== null) this.addText(cell as string, moment, source, line);
    else if (!Number.isNaN(value)) this.addNumber(value, cell, source, line);
    else if (isMissing(cell, rules)) this.addMissing(cell, source, line);
    else this.addText(cell as string, this.momentIn(cell), source, line);
  }

  /** Adds a text that was seen before, and is neither number nor nothing. */
  private addKnown(code: number): void {
    const seconds = this.seconds[code]!;
    if (Number.isNaN(seconds)) this.texts += 1;
    else this.dates += 1;
    this.counts[code]! += 1;
    this.values?.push(seconds);
    this.codes!.push(code);
  }

  /** Looks, once all cells are there, at how its texts are written: each of them once. */
  finish(): void {
    for (const [text, code] of this.known) {
      if (Number.isNaN(this.seconds[code]!)) this.addForms(text, this.counts[code]!);
    }
  }

  /**
   * Whether it still tells what is needed: a column of numbers or dates alone is kept as these, and has to be read
   * once more where its cells are to be categories.
   */
  isEnough(isCategory: boolean): boolean {
    const { isRounded, isAbridged, numbers, dates, texts } = this;
    if (isCategory) return !isRounded && !isAbridged;
    return (!isRounded || texts + dates === 0) && (!isAbridged || texts + numbers === 0);
  }

  private addForms(text: string, count: number): void {
    this.forms.addText(text, count);
    this.dateForms.add(text, count);
  }

  /** @param cell the text, or anything but a text */
  private addNumber(value: number, cell: Cell, source: TableSource, line: number): void {
    this.pushValue(value);
    this.numbers += 1;
    const isText = typeof cell === 'string';
    this.firstNumber ??= { source, line, cell: isText ? cell : value };
    if (value < this.least) this.least = value;
    if (value > this.most) this.most = value;
    if (this.firstInfinite === null && !Number.isFinite(Math.fround(value))) {
      this.firstInfinite = { source, line, cell: isText ? cell : value };
    }
    if (this.countsRows) this.countsRows = this.isRowNumber(value);
    let code = NUMBER;
    if (isText) {
      this.forms.addNumber(cell);
      // How a number is written matters only where it becomes a category.
      if (this.distinct !== null && cell !== String(value)) code = this.keep(cell);
    }
    if (this.distinct !== null) {
      this.distinct.add(value);
      if (isSmall(value)) this.mark(value);
      if (this.distinct.size > maximumCategories) {
        this.sample = this.distinct;
        this.distinct = null;
      }
    }
    this.pushCode(code);
    if (this.length % CHECKED_ROWS === 0) this.roundIfEnough();
  }

  /**
   * Keeps numbers in binary32 from now on, if there are too many for categories, and they do not lie
   * closer together than to 0: that never comes back, whatever numbers follow.
   */
  private roundIfEnough(): void {
    const { isRounded, distinct, texts, dates, least, most, reading } = this;
    if (isRounded || reading.keepsAll || distinct !== null || texts + dates > 0) return;
    if (isNear(least, most)) return;
    this.isRounded = true;
    this.values!.become((length) => new Float32Array(length));
  }

  private addMissing(cell: Cell, source: TableSource, line: number): void {
    this.firstMissing ??= { source, line, cell };
    this.countsRows = false;
    this.pushNothing(cell === '-' ? DASH : MISSING);
  }

  private addText(cell: string, moment: Moment | null, source: TableSource, line: number): void {
    this.countsRows = false;
    if (moment === null) {
      this.texts += 1;
      this.firstText ??= { source, line, cell };
      this.values?.push(Number.NaN);
    } else {
      this.dates += 1;
      this.firstDate ??= { source, line, cell };
      this.pushValue(moment.seconds);
      if (moment.hasTime) this.hasTimes = true;
      if (this.numbers === 0) {
        if (moment.seconds < this.least) this.least = moment.seconds;
        if (moment.seconds > this.most) this.most = moment.seconds;
      }
    }
    if (moment !== null && !this.keepsDate()) {
      this.unkept += 1;
      this.pushCode(UNKEPT);
      return;
    }
    const code = this.keep(cell);
    if (code >= 0) {
      this.known.set(this.dictionary[code]!, code);
      this.seconds[code] = moment?.seconds ?? Number.NaN;
    } else if (moment === null) this.addForms(cell, 1);
    this.pushCode(code);
  }

  /** The texts of dates matter only where they are categories, which those of many dates alone never are. */
  private keepsDate(): boolean {
    const { texts, numbers, dictionary, reading } = this;
    if (texts + numbers > 0 || reading.keepsAll || dictionary.length < MOST_DATES) return true;
    this.isAbridged = true;
    return false;
  }

  private momentIn(cell: Cell): Moment | null {
    const { rules, dates } = this.reading;
    return rules < 2 || typeof cell !== 'string' ? null : parseDate(cell, dates);
  }

  /** Whether a number is one of `distinct`. */
  private isSeen(value: number): boolean {
    const canMark = isSmall(value);
    if (canMark && this.small[value] === 1) return true;
    const isSeen = this.distinct!.has(value);
    if (isSeen && canMark) this.mark(value);
    return isSeen;
  }

  /** @param value a small whole number */
  private mark(value: number): void {
    if (this.length < MARKED_ROWS) return;
    if (this.small === NO_MARKS) this.small = new Uint8Array(SMALL);
    this.small[value] = 1;
  }

  private isRowNumber(value: number): boolean {
    const { length, fileStart } = this;
    const inAll = value - length;
    const inFile = inAll + fileStart;
    return inAll === 0 || inAll === 1 || inFile === 0 || inFile === 1;
  }
}

function isSmall(value: number): boolean {
  return value >= 0 && value < SMALL && Number.isInteger(value);
}

/** Some of a block's rows; mostly all of them. */
function part<Cells extends Float64Array | Int32Array>(
  all: Cells,
  from: number,
  to: number,
): Cells {
  return from === 0 && to === all.length ? all : (all.subarray(from, to) as Cells);
}
