import { BASIS, PRIME } from '../table/block-texts.js';
import { LONG, LOOSE, RowBlock } from '../table/row-block.js';
import type { VisitBlock } from '../table/source.js';
import { widthError } from '../table/width-error.js';
import { checkZeros, isBlank } from './byte-rows.js';
import { numberAt, place } from './number-at.js';
import { endsCell, putPlainNumber } from './plain-number.js';

const QUOTE = 34;
const LINE_FEED = 10;
const RETURN = 13;
const PLUS = 43;
const NINE = 57;
const SLASH = 47;
/** Bytes of the longest number with few enough digits to be plain: these, a sign and a point. */
const MOST_PLAIN = 17;

/**
 * Reads rows out of a text's bytes, in blocks: cells that are numbers never become text, others once each. Quotes are
 * understood where they only stand around whole cells of one line.
 */
export class BlockRows {
  private readonly block: RowBlock;
  private hash = BASIS;
  private view: DataView = new DataView(new ArrayBuffer(0));

  /**
   * @param readsNumbers whether cells may be numbers at all
   * @param line of the first row, counted from 1
   */
  constructor(
    private readonly fileName: string,
    private readonly delimiter: number,
    private readonly width: number,
    private readonly readsNumbers: boolean,
    private readonly visit: VisitBlock,
    public line: number,
  ) {
    this.block = new RowBlock(width);
  }

  /**
   * Reads lines up to the first one whose quotes take more.
   *
   * @param bytes of whole lines, the last one with a line feed too
   * @returns how many of them were read
   * @throws BitgradError if they are no text, or a row has too few or too many cells
   */
  take(bytes: Buffer): number {
    checkZeros(bytes, this.fileName, this.line);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const { block } = this;
    let start = 0;
    for (; start < bytes.length; this.line += 1) {
      const next = this.takeLine(bytes, start);
      if (next < 0) break;
      start = next;
      if (block.rows === block.room) this.pass();
    }
    this.pass();
    return start;
  }

  /** Passes on the rows that are there. */
  private pass(): void {
    if (this.block.rows > 0) this.visit(this.block);
    this.block.clear();
  }

  /** @returns where the next line begins; -1 where quotes take more */
  private takeLine(bytes: Buffer, start: number): number {
    const { block, delimiter, width, readsNumbers } = this;
    const { rows, room, numbers, codes, texts, takesNumbers } = block;
    let column = 0;
    let end = start;
    for (let begin = start, index = rows; column < width; index += room) {
      const takes = takesNumbers[column]!;
      end =
        readsNumbers && takes < LONG
          ? putPlainNumber(bytes, begin, delimiter, numbers, index, takes > 0)
          : -1;
      if (end < 0 && takes > 0 && readsNumbers && beginsNumber(bytes[begin]!)) {
        end = this.takeNumber(bytes, begin, column);
      }
      if (end < 0) {
        let hash = BASIS;
        let at = begin;
        let byte = bytes[at]!;
        while (byte !== delimiter && byte !== LINE_FEED && byte !== QUOTE && byte !== RETURN) {
          hash = Math.imul(hash ^ byte, PRIME);
          at += 1;
          byte = bytes[at]!;
        }
        if (byte === QUOTE || byte === RETURN) {
          end = this.takeCell(bytes, begin, column);
          if (end < 0) return -1;
        } else {
          numbers[index] = Number.NaN;
          codes[index] = texts.codeOf(column, bytes, begin, at, hash);
          end = at;
        }
      }
      column += 1;
      if (bytes[end] !== delimiter) break;
      begin = end + 1;
    }
    const next = bytes[end] === RETURN ? end + 2 : end + 1;
    if (column < width || bytes[end] === delimiter) return this.takeOther(bytes, start);
    block.lines[rows] = this.line;
    block.rows = rows + 1;
    return next;
  }

  /**
   * Takes a line that has not as many cells as there are columns.
   *
   * @returns where the next line begins if this one is blank; -1 if it holds quotes, which may take more
   * @throws BitgradError if neither
   */
  private takeOther(bytes: Buffer, start: number): number {
    const next = bytes.indexOf(LINE_FEED, start) + 1;
    const line = bytes.subarray(start, next);
    if (line.includes(QUOTE)) return -1;
    if (isBlank(line, 0, line.length) && !line.includes(this.delimiter)) return next;
    this.pass();
    const cells = line.filter((byte) => byte === this.delimiter).length + 1;
    throw widthError(`${this.fileName}: line ${this.line}`, this.width, cells);
  }

  /**
   * Takes a number that need not be plain.
   *
   * @returns where it ends; -1 where there is none
   */
  private takeNumber(bytes: Buffer, begin: number, column: number): number {
    const { numbers, takesNumbers, rows, room } = this.block;
    const number = numberAt(this.view, begin, bytes.length);
    const { end } = place;
    // What is infinite in binary32 is shown as it is written.
    if (!Number.isFinite(Math.fround(number)) || !endsCell(bytes, end, this.delimiter)) return -1;
    numbers[column * room + rows] = number;
    takesNumbers[column] = end - begin > MOST_PLAIN ? LONG : LOOSE;
    return end;
  }

  /**
   * Takes a cell that is no number, and perhaps no plain text.
   *
   * @returns where it ends; -1 where quotes take more
   */
  private takeCell(bytes: Buffer, begin: number, column: number): number {
    const { numbers, codes, texts, rows, room } = this.block;
    const index = column * room + rows;
    const isQuoted = bytes[begin] === QUOTE;
    const start = isQuoted ? begin + 1 : begin;
    const end = isQuoted ? this.closeOf(bytes, start) : this.endOf(bytes, start);
    if (end < 0) return -1;
    numbers[index] = Number.NaN;
    codes[index] = texts.codeOf(column, bytes, start, end, this.hash);
    return isQuoted ? end + 1 : end;
  }

  /** Where the quote stands that closes a cell; `hash` becomes that of its bytes; -1 where it does not end there. */
  private closeOf(bytes: Buffer, begin: number): number {
    let hash = BASIS;
    let at = begin;
    let byte = bytes[at]!;
    while (byte !== QUOTE && byte !== LINE_FEED) {
      hash = Math.imul(hash ^ byte, PRIME);
      at += 1;
      byte = bytes[at]!;
    }
    this.hash = hash;
    return byte === QUOTE && endsCell(bytes, at + 1, this.delimiter) ? at : -1;
  }

  /** Where a cell ends; `hash` becomes that of its bytes; -1 where it holds a quote. */
  private endOf(bytes: Buffer, begin: number): number {
    const { delimiter } = this;
    let hash = BASIS;
    let at = begin;
    let byte = bytes[at]!;
    while (byte !== delimiter && byte !== LINE_FEED) {
      if (byte === QUOTE) return -1;
      if (byte === RETURN && bytes[at + 1] === LINE_FEED) break;
      hash = Math.imul(hash ^ byte, PRIME);
      at += 1;
      byte = bytes[at]!;
    }
    this.hash = hash;
    return at;
  }
}

/** Whether a number may begin so: with a digit, a sign or a point. */
function beginsNumber(byte: number): boolean {
  return byte >= PLUS && byte <= NINE && byte !== SLASH;
}
