import { isAscii } from 'node:buffer';
import { BitgradError } from '@bitgrad/core';
import { widthError } from '../table/width-error.js';
import { numberAt, place } from './number-at.js';
import { numberInBytes } from './number-in-bytes.js';
import type { VisitCells, Wanted } from './row-stream.js';

const QUOTE = 34;
const LINE_FEED = 10;
const RETURN = 13;

/** Texts that are kept to be used again, and the longest of them. */
const KNOWN = 1024;
const LONGEST_KNOWN = 24;

/** Reads rows without quotes out of a text's bytes: cells that are numbers never become text. */
export class ByteRows {
  /** Counted from 1. */
  line: number;
  private readonly cells: (string | number | null)[];
  private isAscii = false;
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** Short texts by their hash. */
  private readonly known: (string | undefined)[] = new Array(KNOWN).fill(undefined);

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
   * Reads lines up to the first one with a quote.
   *
   * @param bytes of whole lines
   * @returns how many of them were read
   * @throws BitgradError if they are no text, or a row has too few or too many cells
   */
  take(bytes: Buffer): number {
    checkZeros(bytes, this.fileName, this.line);
    this.isAscii = isAscii(bytes);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const quote = bytes.indexOf(QUOTE);
    const stop = quote < 0 ? bytes.length : bytes.lastIndexOf(LINE_FEED, quote) + 1;
    for (let start = 0; start < stop; ) {
      const found = bytes.indexOf(LINE_FEED, start);
      const next = found < 0 ? bytes.length : found;
      const end = bytes[next - 1] === RETURN ? next - 1 : next;
      this.takeLine(bytes, start, end);
      this.line += 1;
      start = next + 1;
    }
    return stop;
  }

  private takeLine(bytes: Buffer, start: number, end: number): void {
    const { cells, wanted, delimiter } = this;
    let column = 0;
    for (let begin = start; begin <= end; column += 1) {
      const want = wanted[column];
      let at = begin;
      while (at < end && bytes[at] !== delimiter) at += 1;
      if (want === 'number') {
        const number = this.numberOf(bytes, begin, at);
        cells[column] = Number.isNaN(number) ? this.textOf(bytes, begin, at) : number;
      } else if (want === 'text') cells[column] = this.textOf(bytes, begin, at);
      begin = at + 1;
    }
    if (column === cells.length) this.visit(cells, this.line);
    else if (column > 1 || !isBlank(bytes, start, end)) throw this.badWidth(column);
  }

  /** NaN where it is better told from the text. */
  private numberOf(bytes: Buffer, start: number, end: number): number {
    const number = numberInBytes(bytes, start, end);
    if (!Number.isNaN(number)) return number;
    // As programs write all digits of a binary64.
    const long = numberAt(this.view, start, end);
    return place.end === end ? long : Number.NaN;
  }

  private textOf(bytes: Buffer, start: number, end: number): string {
    if (!this.isAscii) return bytes.toString('utf8', start, end);
    if (end - start > LONGEST_KNOWN) return bytes.toString('latin1', start, end);
    // Most texts come again: making each anew costs more than finding it.
    let hash = 0;
    for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
    const slot = hash & (KNOWN - 1);
    const known = this.known[slot];
    if (known !== undefined && spells(bytes, start, end, known)) return known;
    const text = bytes.toString('latin1', start, end);
    this.known[slot] = text;
    return text;
  }

  private badWidth(received: number): BitgradError {
    return widthError(`${this.fileName}: line ${this.line}`, this.cells.length, received);
  }
}

function spells(bytes: Buffer, start: number, end: number, text: string): boolean {
  if (text.length !== end - start) return false;
  for (let at = start; at < end; at += 1) {
    if (text.charCodeAt(at - start) !== bytes[at]) return false;
  }
  return true;
}

/** @throws BitgradError if bytes are no text */
export function checkZeros(bytes: Buffer, fileName: string, line: number): void {
  if (!bytes.includes(0)) return;
  throw new BitgradError(
    `${fileName}: line ${line} or soon after: expected text, received a zero byte`,
    'Save the file as UTF-8.',
  );
}

export function isBlank(bytes: Buffer, start: number, end: number): boolean {
  return bytes.toString('utf8', start, end).trim() === '';
}
