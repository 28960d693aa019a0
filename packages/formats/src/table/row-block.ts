import { BlockTexts } from './block-texts.js';

/** The most rows of a block, and the most cells, so that a processor's cache holds it. */
export const MOST_ROWS = 256;
const MOST_CELLS = 2 ** 14;

/** What `takesNumbers` says of a column. */
export const LOOSE = 1;
export const LONG = 2;

/** Some rows of a text one after the other, a column at a time: numbers, and texts by their codes. */
export class RowBlock {
  /** How many rows it holds, and has room for. */
  rows = 0;
  readonly room: number;
  /** Where each row stands, counted from 1. */
  readonly lines: Int32Array;
  /** `[columns, room]`; NaN where a cell is a text. */
  readonly numbers: Float64Array;
  /** `[columns, room]`: where a cell that is a text is among `texts`. */
  readonly codes: Int32Array;
  readonly texts: BlockTexts;
  /**
   * By column: above 0 where numbers need not be written as JavaScript writes them to come as numbers, but for infinite
   * ones; `LONG` where the one before had many digits.
   */
  readonly takesNumbers: Uint8Array;
  /** The cells of each column. */
  readonly columns: readonly CellBlock[];

  constructor(width: number) {
    this.room = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_CELLS / width)));
    this.lines = new Int32Array(this.room);
    this.numbers = new Float64Array(width * this.room);
    this.codes = new Int32Array(width * this.room);
    this.takesNumbers = new Uint8Array(width);
    this.texts = new BlockTexts(width);
    this.columns = Array.from({ length: width }, (_, column) => new CellBlock(this, column));
  }

  /** The cells of a row. */
  cellsOf(row: number): (string | number)[] {
    return this.columns.map(({ numbers, codes }) => {
      const number = numbers[row]!;
      return Number.isNaN(number) ? this.texts.texts[codes[row]!]! : number;
    });
  }

  /** Makes room for the rows that follow. */
  clear(): void {
    this.rows = 0;
    this.texts.forget();
  }
}

/** The cells of one column in a block. */
export class CellBlock {
  /** By row; NaN where the cell is a text. */
  readonly numbers: Float64Array;
  /** By row: where a cell that is a text is among `texts`. */
  readonly codes: Int32Array;

  constructor(
    private readonly block: RowBlock,
    private readonly column: number,
  ) {
    const { room } = block;
    this.numbers = block.numbers.subarray(column * room, (column + 1) * room);
    this.codes = block.codes.subarray(column * room, (column + 1) * room);
  }

  get texts(): readonly string[] {
    return this.block.texts.texts;
  }

  /** What whoever takes the cells noted of each text: 0 at first. */
  get marks(): Int32Array {
    return this.block.texts.marks;
  }

  get takesNumbers(): boolean {
    return this.block.takesNumbers[this.column]! > 0;
  }

  set takesNumbers(does: boolean) {
    this.block.takesNumbers[this.column] = does ? LOOSE : 0;
  }
}
