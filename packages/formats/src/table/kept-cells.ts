import type { Moment } from '@bitgrad/core';
import type { Cell } from './cell.js';
import { type Growing, growingCodes, growingDoubles, pieceOf, placeIn } from './growing.js';

/** The most different texts of a column that are kept; cells with still others are only counted. */
const MOST_TEXTS = 2 ** 17;

/** A longer text may be a slice that keeps the piece of the file that it was cut from. */
const LONGEST_OWN = 12;

/** What a row's code says where it is not that of a text. */
export const NUMBER = -1;
export const MISSING = -2;
export const DASH = -3;
export const UNKEPT = -4;

/**
 * A column's cells by row. Numbers are binary64, 8 bytes a row, or binary32 once they can only become features
 * without an offset; texts are kept once each, and 4 bytes a row. A column of numbers alone has no codes, one of
 * texts no numbers.
 */
export class KeptCells {
  length = 0;
  /** Cells that hold numbers. */
  numbers = 0;
  /** Whether a date says a time of day too. */
  hasTimes = false;
  /** The texts that are kept, and how many cells hold each. */
  readonly dictionary: string[] = [];
  readonly counts: number[] = [];
  /** Cells with texts that are not kept. */
  unkept = 0;
  /** Cells that hold nothing, and those that hold `-`. */
  protected nothing = 0;
  protected dashes = 0;
  /** The seconds of texts that are dates, else NaN; by their codes. */
  protected readonly seconds: number[] = [];
  protected values: Growing<Float64Array | Float32Array> | null = null;
  protected codes: Growing<Int32Array> | null = null;
  private readonly codeOf = new Map<string, number>();

  /** The number, or the seconds of a date, in a row; NaN where it holds neither. */
  valueAt(row: number): number {
    return this.values === null ? Number.NaN : this.values.piece(pieceOf(row))[placeIn(row)]!;
  }

  /** Where a row's text is in `dictionary`; negative where it holds none that is kept. */
  codeAt(row: number): number {
    return this.codes === null ? NUMBER : this.codes.piece(pieceOf(row))[placeIn(row)]!;
  }

  /** A row's cell: the text as it was written where that is known, else the number. */
  cellAt(row: number): Cell {
    const code = this.codeAt(row);
    if (code >= 0) return this.dictionary[code]!;
    if (code === NUMBER) return this.valueAt(row);
    // A text that is not kept is none of the commonest.
    if (code === UNKEPT) return '\u0000';
    return code === DASH ? '-' : null;
  }

  momentAt(row: number): Moment | null {
    const seconds = this.valueAt(row);
    return Number.isNaN(seconds) ? null : { seconds, hasTime: this.hasTimes };
  }

  /** Whether `-` is a text, because there is `+` too. */
  get isSigned(): boolean {
    return this.codeOf.has('+');
  }

  /** Cells that hold no value. */
  get missing(): number {
    return this.nothing + (this.isSigned ? 0 : this.dashes);
  }

  isMissingAt(row: number): boolean {
    const code = this.codeAt(row);
    return code === MISSING || (code === DASH && !this.isSigned);
  }

  /** How many cells hold this text. */
  countOf(text: string): number {
    const code = this.codeOf.get(text);
    return code === undefined ? 0 : this.counts[code]!;
  }

  /** The different numbers, or seconds of dates, in any order, where that is known without looking at each row. */
  differentValues(): Float64Array | null {
    const isWhole = this.numbers === 0 && this.unkept === 0;
    return isWhole ? Float64Array.from(this.seconds).filter((one) => !Number.isNaN(one)) : null;
  }

  /** The different cells that hold something, as texts. */
  differentTexts(): Set<string> {
    const texts = new Set<string>();
    if (this.numbers === 0 && this.dashes === 0) {
      for (const text of this.dictionary) texts.add(text);
    } else {
      for (let row = 0; row < this.length; row += 1) {
        if (!this.isMissingAt(row)) texts.add(String(this.cellAt(row)));
      }
    }
    return texts;
  }

  /** What `valueAt` and `codeAt` give of the rows from `PIECE · piece`; null where that is always the same. */
  valuesOf(piece: number): Float64Array | Float32Array | null {
    return this.values?.piece(piece) ?? null;
  }

  codesOf(piece: number): Int32Array | null {
    return this.codes?.piece(piece) ?? null;
  }

  /** Frees the cells of `PIECE` rows from `PIECE · piece`, which are no longer needed. */
  release(piece: number): void {
    this.values?.release(piece);
    this.codes?.release(piece);
  }

  /** Puts a number, or the seconds of a date, into the next row, which still lacks its code. */
  protected pushValue(value: number): void {
    this.values ??= growingDoubles(this.length);
    this.values.push(value);
  }

  protected pushCode(code: number): void {
    if (code !== NUMBER) this.codes ??= growingCodes(this.length, NUMBER);
    this.codes?.push(code);
  }

  /** Puts nothing into the next row. @param code MISSING or DASH */
  protected pushNothing(code: number): void {
    this.countNothing(code);
    this.values?.push(Number.NaN);
    this.pushCode(code);
  }

  /** @param code MISSING or DASH */
  protected countNothing(code: number): void {
    if (code === DASH) this.dashes += 1;
    else this.nothing += 1;
  }

  /** Counts a cell with a text. @returns its code */
  protected keep(text: string): number {
    const known = this.codeOf.get(text);
    if (known !== undefined) {
      this.counts[known]! += 1;
      return known;
    }
    const code = this.dictionary.length;
    if (code >= MOST_TEXTS) {
      this.unkept += 1;
      return UNKEPT;
    }
    const own = text.length > LONGEST_OWN ? (JSON.parse(JSON.stringify(text)) as string) : text;
    this.codeOf.set(own, code);
    this.dictionary.push(own);
    this.seconds.push(Number.NaN);
    this.counts.push(1);
    return code;
  }
}
