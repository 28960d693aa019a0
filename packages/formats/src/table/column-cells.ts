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
import { DASH, KeptCells, MISSING, NUMBER, UNKEPT } from './kept-cells.js';
import { NumberForms } from './number-forms.js';
import { isNear } from './offset.js';
import type { TableSource } from './source.js';

/** The most categories or classes that a column may hold. */
export const maximumCategories = 1000;

/** The most different dates of a column of nothing else that are kept as texts. */
const MOST_DATES = 2 ** 13;

/** How often it is looked whether binary32 will do, in rows. */
export const CHECKED_ROWS = 4096;

/** Below lie the whole numbers that most columns of such hold, and from so many rows on it pays to mark them. */
const SMALL = 1024;
const MARKED_ROWS = 256;
const NO_MARKS = new Uint8Array(0);

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

/** All cells of a column, taken one at a time, and what is known of them. */
export class ColumnCells extends KeptCells {
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
  protected readonly known = new Map<string, number>();
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

  protected addCell(cell: Cell, source: TableSource, line: number): void {
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
  protected addKnown(code: number): void {
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
  protected addNumber(value: number, cell: Cell, source: TableSource, line: number): void {
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
  protected roundIfEnough(): void {
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
  protected isSeen(value: number): boolean {
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
