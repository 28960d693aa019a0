import { isUtf8 } from 'node:buffer';
import { BitgradError, type Cell, type Sampler, type Samples } from '@bitgrad/core';
import { numberAt, place } from '@bitgrad/formats/rows';
import { readNumbers } from './number-rows.js';

const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN_LIST = 91;
const ESCAPE = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const ASCII = 128;

const [NULL, TRUE, FALSE, INSTANCES] = ['null', 'true', 'false', '"instances"'].map((text) =>
  Buffer.from(text),
) as [Buffer, Buffer, Buffer, Buffer];

/** Rows that there is room for at first. */
const FIRST_ROWS = 64;

/** A member of the first object: where its name stands, quotes and all, and the column that it is. */
interface Member {
  readonly start: number;
  readonly end: number;
  readonly column: number;
}

/**
 * Reads rows out of JSON's bytes straight into samples: what `JSON.parse` and a `Sampler` give, for less
 * than half of the time and next to no garbage. It knows the plain form only, and leaves the rest,
 * whatever is wrong included, to them.
 */
export class JsonRows {
  private readonly cells: Cell[];
  private readonly places: ReadonlyMap<string, number>;
  private bytes: Buffer = Buffer.alloc(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private at = 0;
  private members: Member[] = [];

  /** @param most rows of a request */
  constructor(
    private readonly sampler: Sampler,
    private readonly most: number,
  ) {
    const { columns, features } = sampler;
    this.cells = new Array<Cell>(columns?.length ?? features).fill(0);
    this.places = new Map(columns?.map((name, index) => [name, index]));
  }

  /**
   * The samples of a list of lists or of objects, whose cells are numbers, texts without escapes, true,
   * false and null. Objects name the same members in the same order.
   *
   * @param isNamed whether the list is all that an object holds, as `instances`
   * @returns `[rows, features]`; null where the bytes are anything else, or a row does not fit
   */
  read(bytes: Buffer, isNamed: boolean): Samples | null {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = 0;
    this.members = [];
    try {
      if (isNamed && !(this.takes(OPEN_OBJECT) && this.takesWord(INSTANCES) && this.takes(COLON))) {
        return null;
      }
      const samples = this.readRows();
      if (samples === null || (isNamed && !this.takes(CLOSE_OBJECT))) return null;
      return this.peek() === -1 ? samples : null;
    } catch (error) {
      if (error instanceof BitgradError) return null;
      throw error;
    } finally {
      this.bytes = Buffer.alloc(0);
    }
  }

  private readRows(): Samples | null {
    const { sampler, cells, most } = this;
    if (!this.takes(OPEN_LIST)) return null;
    let samples = sampler.allocate(Math.min(FIRST_ROWS, most));
    let rows = 0;
    do {
      if (rows === most) return null;
      if (rows * sampler.features === samples.length) {
        const more = sampler.allocate(Math.min(2 * rows, most));
        more.set(samples);
        samples = more;
      }
      if (!this.readFeatures(samples, rows)) {
        if (!this.readRow()) return null;
        sampler.write(cells, samples, rows);
      }
      rows += 1;
    } while (this.takes(COMMA));
    return this.takes(CLOSE_LIST) ? samples.subarray(0, rows * sampler.features) : null;
  }

  /** A list of numbers that are the model's features, straight into a sample; moves only if it is one. */
  private readFeatures(samples: Samples, row: number): boolean {
    const { features, columns } = this.sampler;
    if (columns !== null || !(samples instanceof Float32Array)) return false;
    if (this.peek() !== OPEN_LIST) return false;
    const start = row * features;
    const end = readNumbers(this.view, this.at + 1, samples, start, start + features);
    if (end < 0 || this.bytes[end] !== CLOSE_LIST) return false;
    this.at = end + 1;
    return true;
  }

  private readRow(): boolean {
    if (this.takes(OPEN_LIST)) return this.readList();
    if (this.places.size === 0 || !this.takes(OPEN_OBJECT)) return false;
    return this.members.length === 0 ? this.readFirstObject() : this.readObject();
  }

  private readList(): boolean {
    const { length } = this.cells;
    for (let index = 0; index < length; index += 1) {
      if ((index > 0 && !this.takes(COMMA)) || !this.readCell(index)) return false;
    }
    return this.takes(CLOSE_LIST);
  }

  private readFirstObject(): boolean {
    const { members, places } = this;
    const names = new Set<string>();
    do {
      if (this.peek() !== QUOTE) return false;
      const start = this.at;
      const name = this.readText();
      if (name === undefined || names.has(name)) return false;
      names.add(name);
      const column = places.get(name) ?? -1;
      members.push({ start, end: this.at, column });
      if (!this.takes(COLON) || !this.readCell(column)) return false;
    } while (this.takes(COMMA));
    for (const name of places.keys()) if (!names.has(name)) return false;
    return this.takes(CLOSE_OBJECT);
  }

  private readObject(): boolean {
    const { members, bytes } = this;
    for (let index = 0; index < members.length; index += 1) {
      if (index > 0 && !this.takes(COMMA)) return false;
      const { start, end, column } = members[index]!;
      if (this.peek() !== QUOTE) return false;
      const from = this.at - start;
      for (let at = start; at < end; at += 1) if (bytes[at] !== bytes[from + at]) return false;
      this.at += end - start;
      if (!this.takes(COLON) || !this.readCell(column)) return false;
    }
    return this.takes(CLOSE_OBJECT);
  }

  /** Reads a cell; one of no column, -1, is read over. */
  private readCell(column: number): boolean {
    const byte = this.peek();
    if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
      const number = this.readNumber();
      if (Number.isNaN(number)) return false;
      if (column >= 0) this.cells[column] = number;
      return true;
    }
    const cell =
      byte === QUOTE
        ? this.readText()
        : this.takesWord(NULL)
          ? null
          : this.takesWord(TRUE)
            ? true
            : this.takesWord(FALSE)
              ? false
              : undefined;
    if (cell === undefined) return false;
    if (column >= 0) this.cells[column] = cell;
    return true;
  }

  /** NaN where there is none as JSON writes it. */
  private readNumber(): number {
    const { bytes, at } = this;
    const number = numberAt(this.view, at, bytes.length);
    this.at = place.end;
    const first = bytes[at] === MINUS ? at + 1 : at;
    const isWritten =
      isDigit(bytes[first]) &&
      (bytes[first] !== ZERO || !isDigit(bytes[first + 1])) &&
      (place.point < 0 || isDigit(bytes[place.point + 1]));
    return isWritten ? number : Number.NaN;
  }

  /** Undefined where it is not plain. */
  private readText(): string | undefined {
    const { bytes } = this;
    const start = this.at + 1;
    let end = start;
    let all = 0;
    for (; end < bytes.length && bytes[end] !== QUOTE; end += 1) {
      const byte = bytes[end]!;
      if (byte < SPACE || byte === ESCAPE) return undefined;
      all |= byte;
    }
    if (end === bytes.length) return undefined;
    this.at = end + 1;
    if (all < ASCII) return bytes.toString('latin1', start, end);
    const text = bytes.subarray(start, end);
    return isUtf8(text) ? text.toString('utf8') : undefined;
  }

  /** The next byte that is not white space; -1 at the end. */
  private peek(): number {
    const { bytes } = this;
    for (; this.at < bytes.length; this.at += 1) {
      const byte = bytes[this.at]!;
      if (byte > SPACE) return byte;
      if (byte !== SPACE && byte !== LINE_FEED && byte !== RETURN && byte !== TAB) return byte;
    }
    return -1;
  }

  private takes(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.at += 1;
    return true;
  }

  private takesWord(word: Uint8Array): boolean {
    if (this.peek() !== word[0]) return false;
    const { bytes, at } = this;
    for (let index = 1; index < word.length; index += 1) {
      if (bytes[at + index] !== word[index]) return false;
    }
    this.at += word.length;
    return true;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
