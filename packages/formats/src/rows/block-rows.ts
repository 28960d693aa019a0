import type { CellBlock } from '../table/cell-block.js';
import { RowBlock } from '../table/row-block.js';
import type { VisitBlock } from '../table/source.js';
import { widthError } from '../table/width-error.js';
import { checkZeros, isBlank } from './byte-rows.js';
import { numberAt, place } from './number-at.js';
import { endsCell, endsLine, putPlainNumber } from './plain-number.js';

const QUOTE = 34;
const LINE_FEED = 10;
const RETURN = 13;
/** Of the hash of a text's bytes (Fowler, Noll and Vo 1991, FNV-1a). */
const BASIS = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

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
   * @param bytes of whole lines
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
    const { block, delimiter, width } = this;
    const { rows, columns } = block;
    let column = 0;
    let end = start;
    for (let begin = start; ; begin = end + 1) {
      end =
        column < width
          ? this.takeCell(bytes, begin, columns[column]!, rows)
          : this.endOf(bytes, begin);
      if (end < 0) return -1;
      column += 1;
      if (bytes[end] !== delimiter) break;
    }
    const next = bytes[end] === RETURN ? end + 2 : end + 1;
    if (column === width) {
      block.lines[rows] = this.line;
      block.rows += 1;
    } else if (bytes.subarray(start, end).includes(QUOTE)) {
      return -1;
    } else if (column > 1 || !isBlank(bytes, start, end)) {
      this.pass();
      throw widthError(`${this.fileName}: line ${this.line}`, width, column);
    }
    return next;
  }

  /** @returns where it ends; -1 where quotes take more */
  private takeCell(bytes: Buffer, begin: number, cells: CellBlock, row: number): number {
    const { delimiter } = this;
    if (this.readsNumbers) {
      const { numbers, takesNumbers } = cells;
      const at = putPlainNumber(bytes, begin, bytes.length, delimiter, numbers, row, takesNumbers);
      if (at >= 0) return at;
    }
    if (cells.takesNumbers) {
      const number = numberAt(this.view, begin, bytes.length);
      const isNumber = endsCell(bytes, place.end, bytes.length, delimiter);
      // What is infinite in binary32 is shown as it is written.
      if (isNumber && Number.isFinite(Math.fround(number))) {
        cells.numbers[row] = number;
        return place.end;
      }
    }
    const isQuoted = bytes[begin] === QUOTE;
    const start = isQuoted ? begin + 1 : begin;
    const end = isQuoted ? this.closeOf(bytes, start) : this.endOf(bytes, start);
    if (end >= 0) cells.setText(row, bytes, start, end, this.hash);
    return isQuoted && end >= 0 ? end + 1 : end;
  }

  /** Where the quote stands that closes a cell; `hash` becomes that of its bytes; -1 where it does not end there. */
  private closeOf(bytes: Buffer, begin: number): number {
    let hash = BASIS;
    let at = begin;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at]!;
      if (byte === QUOTE || byte === LINE_FEED) break;
      hash = Math.imul(hash ^ byte, PRIME);
    }
    this.hash = hash;
    const isClosed = bytes[at] === QUOTE && endsCell(bytes, at + 1, bytes.length, this.delimiter);
    return isClosed ? at : -1;
  }

  /** Where a cell ends; `hash` becomes that of its bytes; -1 where it holds a quote. */
  private endOf(bytes: Buffer, begin: number): number {
    const { delimiter } = this;
    let hash = BASIS;
    let at = begin;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at]!;
      if (byte === delimiter || byte === LINE_FEED) break;
      if (byte === QUOTE) return -1;
      if (byte === RETURN && endsLine(bytes, at)) break;
      hash = Math.imul(hash ^ byte, PRIME);
    }
    this.hash = hash;
    return at;
  }
}
