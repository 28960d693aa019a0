import type { CellBlock } from '../table/cell-block.js';
import { RowBlock } from '../table/row-block.js';
import type { VisitBlock } from '../table/source.js';
import { widthError } from '../table/width-error.js';
import { checkZeros, isBlank } from './byte-rows.js';
import { numberAt, place } from './number-at.js';
import { endsCell, endsLine, putPlainNumber } from './plain-number.js';

const LINE_FEED = 10;
const RETURN = 13;
/** Of the hash of a text's bytes (Fowler, Noll and Vo 1991, FNV-1a). */
const BASIS = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

/** Reads rows without quotes out of a text's bytes, in blocks: cells that are numbers never become text, others once each. */
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
   * @param bytes of whole lines without quotes
   * @throws BitgradError if they are no text, or a row has too few or too many cells
   */
  take(bytes: Buffer): void {
    checkZeros(bytes, this.fileName, this.line);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const { block } = this;
    for (let start = 0; start < bytes.length; this.line += 1) {
      start = this.takeLine(bytes, start);
      if (block.rows === block.room) this.pass();
    }
    this.pass();
  }

  /** Passes on the rows that are there. */
  private pass(): void {
    if (this.block.rows > 0) this.visit(this.block);
    this.block.clear();
  }

  /** @returns where the next line begins */
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
      column += 1;
      if (bytes[end] !== delimiter) break;
    }
    const next = bytes[end] === RETURN ? end + 2 : end + 1;
    if (column === width) {
      block.lines[rows] = this.line;
      block.rows += 1;
    } else if (column > 1 || !isBlank(bytes, start, end)) {
      this.pass();
      throw widthError(`${this.fileName}: line ${this.line}`, width, column);
    }
    return next;
  }

  /** @returns where it ends */
  private takeCell(bytes: Buffer, begin: number, cells: CellBlock, row: number): number {
    const { delimiter } = this;
    if (this.readsNumbers) {
      const at = putPlainNumber(bytes, begin, bytes.length, delimiter, cells.numbers, row);
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
    const end = this.endOf(bytes, begin);
    cells.setText(row, bytes, begin, end, this.hash);
    return end;
  }

  /** Where a cell ends; `hash` becomes that of its bytes. */
  private endOf(bytes: Buffer, begin: number): number {
    const { delimiter } = this;
    let hash = BASIS;
    let at = begin;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at]!;
      if (byte === delimiter || byte === LINE_FEED) break;
      if (byte === RETURN && endsLine(bytes, at)) break;
      hash = Math.imul(hash ^ byte, PRIME);
    }
    this.hash = hash;
    return at;
  }
}
