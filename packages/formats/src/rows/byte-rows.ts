import { isUtf8 } from 'node:buffer';
import { BitgradError } from '@bitgrad/core';
import { numberInBytes } from './number-in-bytes.js';
import type { VisitCells, Wanted } from './row-stream.js';

const LINE_FEED = 10;
const RETURN = 13;

/** Reads rows without quotes out of a text's bytes: cells that are numbers never become text. */
export class ByteRows {
  /** Counted from 1. */
  line: number;
  private readonly cells: (string | number | null)[];

  constructor(
    private readonly fileName: string,
    private readonly delimiter: number,
    private readonly wanted: readonly Wanted[],
    private readonly visit: VisitCells,
    line: number,
  ) {
    this.line = line;
    this.cells = new Array(wanted.length).fill(null);
  }

  /**
   * @param bytes of whole lines without quotes
   * @throws BitgradError if they are no text, or a row has too few or too many cells
   */
  take(bytes: Buffer): void {
    if (!isUtf8(bytes) || bytes.includes(0)) {
      throw new BitgradError(
        `${this.fileName}: line ${this.line} or soon after: expected UTF-8 text, received bytes that are none`,
        'Save the file as UTF-8.',
      );
    }
    for (let start = 0; start < bytes.length; ) {
      const found = bytes.indexOf(LINE_FEED, start);
      const next = found < 0 ? bytes.length : found;
      const end = next > start && bytes[next - 1] === RETURN ? next - 1 : next;
      this.takeLine(bytes, start, end);
      this.line += 1;
      start = next + 1;
    }
  }

  private takeLine(bytes: Buffer, start: number, end: number): void {
    const { cells, wanted, delimiter } = this;
    let column = 0;
    let begin = start;
    for (let at = start; at <= end; at += 1) {
      if (at < end && bytes[at] !== delimiter) continue;
      const want = wanted[column];
      if (want === 'number') {
        const number = numberInBytes(bytes, begin, at);
        cells[column] = Number.isNaN(number) ? bytes.toString('utf8', begin, at) : number;
      } else if (want === 'text') cells[column] = bytes.toString('utf8', begin, at);
      column += 1;
      begin = at + 1;
    }
    if (column === cells.length) this.visit(cells, this.line);
    else if (column > 1 || !isBlank(bytes, start, end)) throw this.badWidth(column);
  }

  private badWidth(received: number): BitgradError {
    return new BitgradError(
      `${this.fileName}: line ${this.line}: expected ${this.cells.length} cells as in the first row, received ${received}`,
    );
  }
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  return bytes.toString('utf8', start, end).trim() === '';
}
