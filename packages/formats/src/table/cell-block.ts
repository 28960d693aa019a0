/** Texts, and bytes of them, that are kept to be found again. */
const MOST_TEXTS = 2 ** 12;
const MOST_BYTES = 2 ** 16;

/** Of the columns without texts, of which a table may have some hundred thousands. */
const NO_NUMBERS = new Int32Array(0);
const NO_BYTES = new Uint8Array(0);

/** The cells of one column in some rows of a text: numbers, and texts that are made only once while they are kept. */
export class CellBlock {
  /** By row; NaN where the cell is a text. */
  readonly numbers: Float64Array;
  /** By row: where a cell that is a text is among `texts`. */
  readonly codes: Int32Array;
  texts: string[] = [];
  /** What whoever takes the cells noted of each text: 0 at first. */
  marks = NO_NUMBERS;
  /** Whether numbers need not be written as JavaScript writes them to come as numbers, but for infinite ones. */
  takesNumbers = false;
  /** By a text's hash: its code and one; 0 where there is none. Twice as long as `marks`. */
  private slots = NO_NUMBERS;
  private hashes = NO_NUMBERS;
  /** The texts' bytes one after the other, and where each text's begin and end. */
  private bytes = NO_BYTES;
  private ends = NO_NUMBERS;

  constructor(rows: number) {
    this.numbers = new Float64Array(rows);
    this.codes = new Int32Array(rows);
  }

  cellAt(row: number): string | number {
    const number = this.numbers[row]!;
    return Number.isNaN(number) ? this.texts[this.codes[row]!]! : number;
  }

  /**
   * Puts a text into a row.
   *
   * @param hash of its bytes
   */
  setText(row: number, source: Uint8Array, start: number, end: number, hash: number): void {
    this.numbers[row] = Number.NaN;
    if (this.slots.length === 0) this.makeRoom();
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let found = slots[slot]!; found > 0; found = slots[slot]!) {
      if (hashes[found - 1] === hash && this.spells(found - 1, source, start, end)) {
        this.codes[row] = found - 1;
        return;
      }
      slot = (slot + 1) & mask;
    }
    this.codes[row] = this.keep(source, start, end, hash, slot);
  }

  /** Forgets the texts where they have become many. */
  forget(): void {
    const { texts, ends } = this;
    if (texts.length === 0) return;
    if (texts.length <= MOST_TEXTS && ends[texts.length]! <= MOST_BYTES) return;
    this.texts = [];
    this.slots.fill(0);
    this.marks.fill(0);
  }

  private makeRoom(): void {
    this.marks = new Int32Array(8);
    this.slots = new Int32Array(16);
    this.hashes = new Int32Array(8);
    this.bytes = new Uint8Array(64);
    this.ends = new Int32Array(9);
  }

  private spells(code: number, source: Uint8Array, start: number, end: number): boolean {
    const { bytes, ends } = this;
    const from = ends[code]!;
    if (ends[code + 1]! - from !== end - start) return false;
    for (let at = start; at < end; at += 1) {
      if (source[at] !== bytes[from + at - start]) return false;
    }
    return true;
  }

  private keep(source: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const code = this.texts.length;
    const from = this.ends[code]!;
    const to = from + end - start;
    if (to > this.bytes.length) this.bytes = enlarged(this.bytes, 2 * to);
    for (let at = start; at < end; at += 1) this.bytes[from + at - start] = source[at]!;
    this.texts.push(Buffer.from(source.buffer, source.byteOffset + start, to - from).toString());
    this.hashes[code] = hash;
    this.ends[code + 1] = to;
    this.slots[slot] = code + 1;
    if (code + 1 === this.marks.length) this.enlarge();
    return code;
  }

  private enlarge(): void {
    const count = this.texts.length;
    this.marks = enlarged(this.marks, 4 * count);
    this.hashes = enlarged(this.hashes, 4 * count);
    this.ends = enlarged(this.ends, 4 * count + 1);
    const slots = new Int32Array(8 * count);
    const mask = slots.length - 1;
    for (let code = 0; code < count; code += 1) {
      let slot = this.hashes[code]! & mask;
      while (slots[slot]! > 0) slot = (slot + 1) & mask;
      slots[slot] = code + 1;
    }
    this.slots = slots;
  }
}

function enlarged<Kind extends Int32Array | Uint8Array>(old: Kind, length: number): Kind {
  const larger = new (old.constructor as new (length: number) => Kind)(length);
  larger.set(old);
  return larger;
}
