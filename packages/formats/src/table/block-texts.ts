/** Texts of a column, and bytes of them, that are kept to be found again; so many more for each of many columns. */
const MOST_TEXTS = 2 ** 12;
const MOST_BYTES = 2 ** 16;
const TEXTS_A_COLUMN = 2 ** 6;
const BYTES_A_COLUMN = 2 ** 10;

/** Of the hash of a text's bytes (Fowler, Noll and Vo 1991, FNV-1a). */
export const BASIS = 0x811c9dc5 | 0;
export const PRIME = 0x01000193;

/** Bytes of which parts can be read as text: a `Buffer`, whose type is not there for everyone who has this package's. */
interface TextBytes {
  readonly [at: number]: number;
  toString(encoding: 'utf8', start: number, end: number): string;
}

/**
 * The texts of all columns of a block, each made only once while it is kept, and what whoever takes the cells noted of
 * it. One list for all columns: a row's cells are taken one after the other, and a list for each of many columns would
 * not stay in a processor's cache.
 */
export class BlockTexts {
  texts: string[] = [];
  /** What was noted of each text: 0 at first. */
  marks = new Int32Array(8);
  /** By a text's hash: its code and one; 0 where there is none. Twice as long as `marks`. */
  private slots = new Int32Array(16);
  private hashes = new Int32Array(8);
  /** The texts' bytes one after the other, and where each text's begin and end. */
  private bytes = new Uint8Array(64);
  private ends = new Int32Array(9);
  private readonly mostTexts: number;
  private readonly mostBytes: number;

  constructor(width: number) {
    this.mostTexts = MOST_TEXTS + width * TEXTS_A_COLUMN;
    this.mostBytes = MOST_BYTES + width * BYTES_A_COLUMN;
  }

  /**
   * The code of a text of a column.
   *
   * @param hash of its bytes
   */
  codeOf(column: number, source: TextBytes, start: number, end: number, hash: number): number {
    // As an odd factor is undone, equal texts of different columns have different hashes.
    const own = Math.imul(hash ^ column, PRIME);
    const { slots, hashes, ends, bytes } = this;
    const mask = slots.length - 1;
    let slot = slotOf(own, mask);
    for (let found = slots[slot]!; found > 0; found = slots[slot]!) {
      let from = ends[found - 1]!;
      if (hashes[found - 1] === own && ends[found]! - from === end - start) {
        let at = start;
        while (at < end && source[at] === bytes[from]) {
          at += 1;
          from += 1;
        }
        if (at === end) return found - 1;
      }
      slot = (slot + 1) & mask;
    }
    return this.keep(source, start, end, own, slot);
  }

  /** Forgets the texts where they have become many. */
  forget(): void {
    const { texts, ends, mostTexts, mostBytes } = this;
    if (texts.length <= mostTexts && ends[texts.length]! <= mostBytes) return;
    this.texts = [];
    this.slots.fill(0);
    this.marks.fill(0);
  }

  private keep(source: TextBytes, start: number, end: number, hash: number, slot: number): number {
    const code = this.texts.length;
    const from = this.ends[code]!;
    const to = from + end - start;
    if (to > this.bytes.length) this.bytes = enlarged(this.bytes, 2 * to);
    for (let at = start; at < end; at += 1) this.bytes[from + at - start] = source[at]!;
    this.texts.push(source.toString('utf8', start, end));
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
      let slot = slotOf(this.hashes[code]!, mask);
      while (slots[slot]! > 0) slot = (slot + 1) & mask;
      slots[slot] = code + 1;
    }
    this.slots = slots;
  }
}

/** Where a hash is looked for first: its low bits alone depend on the low bits of each byte alone. */
const slotOf = (hash: number, mask: number): number => (hash ^ (hash >>> 15)) & mask;

function enlarged<Kind extends Int32Array | Uint8Array>(old: Kind, length: number): Kind {
  const larger = new (old.constructor as new (length: number) => Kind)(length);
  larger.set(old);
  return larger;
}
