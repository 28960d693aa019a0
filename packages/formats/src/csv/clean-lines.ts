import type { Dialect } from './dialect.js';

const HASH = 35;
const COMMA = 44;
const QUOTE = 34;
const SPACE = 32;
const TAB = 9;
const RETURN = 13;
const SPACES = ' ';

/**
 * Empties lines that are no rows, and cuts comments off the ends of others. No line vanishes, so that places
 * in errors stay right, and nothing between quotes changes.
 *
 * @param say called at the end with how many lines a comment was cut off, and the first of them
 */
export async function* cleanLines(
  pieces: AsyncIterable<Buffer>,
  dialect: Dialect,
  say: (cut: number, first: number) => void,
): AsyncGenerator<Buffer> {
  const newline = dialect.newline.charCodeAt(0);
  const cleaner = new LineCleaner(dialect);
  let left: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = left.length > 0 ? Buffer.concat([left, piece]) : piece;
    const end = bytes.lastIndexOf(newline) + 1;
    left = bytes.subarray(end);
    yield asBuffer(cleaner.clean(bytes.subarray(0, end), newline));
  }
  yield asBuffer(cleaner.clean(left, newline));
  if (cleaner.cut > 0) say(cleaner.cut, cleaner.firstCut);
}

/** Whether there is nothing to clean in a text of such a dialect. */
export function isClean({ hasComments, isSeparatorFirst, hasSpacedQuotes }: Dialect): boolean {
  return !hasComments && !isSeparatorFirst && !hasSpacedQuotes;
}

/** As `cleanLines`, of a text in memory. */
export function cleanText(text: string, dialect: Dialect): string {
  if (isClean(dialect)) return text;
  const bytes = new TextEncoder().encode(text);
  const cleaned = new LineCleaner(dialect).clean(bytes, dialect.newline.charCodeAt(0));
  return new TextDecoder().decode(cleaned);
}

const asBuffer = ({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): Buffer =>
  Buffer.from(buffer, byteOffset, length);

class LineCleaner {
  cut = 0;
  firstCut = 0;
  private line = 0;
  private isQuoted = false;

  constructor(private readonly dialect: Dialect) {}

  /** @param bytes of whole lines */
  clean(bytes: Uint8Array, newline: number): Uint8Array<ArrayBuffer> {
    const cleaned = new Uint8Array(bytes.length);
    let length = 0;
    for (let start = 0; start < bytes.length; ) {
      const found = bytes.indexOf(newline, start);
      const end = found < 0 ? bytes.length : found;
      this.line += 1;
      const line = this.cleanLine(bytes.subarray(start, end));
      cleaned.set(line, length);
      length += line.length;
      if (found >= 0) {
        cleaned[length] = newline;
        length += 1;
      }
      start = end + 1;
    }
    return cleaned.subarray(0, length);
  }

  private cleanLine(line: Uint8Array): Uint8Array {
    const { hasComments, isSeparatorFirst, namesLine } = this.dialect;
    if (!this.isQuoted) {
      if (isSeparatorFirst && this.line === 1) return line.subarray(0, 0);
      if (this.line === namesLine) return line.subarray(lengthOfMark(line));
      if (hasComments && line[0] === HASH) return line.subarray(0, 0);
    }
    const end = hasComments ? this.commentIn(line) : -1;
    const wasQuoted = this.isQuoted;
    const kept = end < 0 ? line : line.subarray(0, end);
    this.isQuoted = isQuotedAfter(kept, this.isQuoted);
    if (end >= 0) {
      this.cut += 1;
      this.firstCut ||= this.line;
    }
    return this.dialect.hasSpacedQuotes ? withoutSpaces(kept, wasQuoted, COMMA) : kept;
  }

  /** Where a line ends before a comment, which begins at `#` between white space, outside of quotes; -1 for nowhere. */
  private commentIn(line: Uint8Array): number {
    let { isQuoted } = this;
    let from = 0;
    for (let at = line.indexOf(HASH, 1); at > 0; at = line.indexOf(HASH, at + 1)) {
      isQuoted = isQuotedAfter(line.subarray(from, at), isQuoted);
      from = at;
      const isMark =
        isBlank(line[at - 1]!) &&
        (at + 1 === line.length || isBlank(line[at + 1]!)) &&
        this.endsCell(line, at);
      if (isMark && !isQuoted) return lengthWithoutBlanks(line, at);
    }
    return -1;
  }

  /** Whether a cell that holds something stands before: what begins with `#` is a cell of its own. */
  private endsCell(line: Uint8Array, mark: number): boolean {
    const { delimiter } = this.dialect;
    if (delimiter === SPACES) return true;
    let at = mark - 1;
    while (at >= 0 && isBlank(line[at]!) && line[at] !== delimiter.charCodeAt(0)) at -= 1;
    return at >= 0 && line[at] !== delimiter.charCodeAt(0);
  }
}

/** Whether a quoted cell goes on behind these bytes. */
function isQuotedAfter(bytes: Uint8Array, isQuotedBefore: boolean): boolean {
  let isQuoted = isQuotedBefore;
  for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    isQuoted = !isQuoted;
  }
  return isQuoted;
}

/** A line without the white space between a delimiter, or its beginning, and a quote that opens a cell. */
function withoutSpaces(line: Uint8Array, isQuotedBefore: boolean, delimiter: number): Uint8Array {
  if (!line.includes(QUOTE)) return line;
  const kept = new Uint8Array(line.length);
  let isQuoted = isQuotedBefore;
  let length = 0;
  for (const byte of line) {
    if (byte === QUOTE) {
      const before = isQuoted ? length : lengthWithoutBlanks(kept, length);
      if (before === 0 || kept[before - 1] === delimiter) length = before;
      isQuoted = !isQuoted;
    }
    kept[length] = byte;
    length += 1;
  }
  return kept.subarray(0, length);
}

/** The bytes of `# ` or `## ` before a line. */
function lengthOfMark(line: Uint8Array): number {
  let at = 0;
  while (line[at] === HASH) at += 1;
  while (isBlank(line[at])) at += 1;
  return at;
}

function lengthWithoutBlanks(line: Uint8Array, end: number): number {
  let length = end;
  while (isBlank(line[length - 1])) length -= 1;
  return length;
}

/** Not so is what is behind a line's ends. */
function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN;
}
