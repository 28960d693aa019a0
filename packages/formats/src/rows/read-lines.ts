import { BitgradError } from '@bitgrad/core';
import { LONGEST_ROW } from '../csv/head.js';
import type { BlockRows } from './block-rows.js';
import type { ByteRows } from './byte-rows.js';
import { readQuoted } from './read-quoted.js';
import type { Reading } from './reading.js';

const QUOTE = 34;
const LINE_FEED = 10;
/** What a last line may lack. */
const END = Buffer.of(LINE_FEED);

/**
 * Reads a text of lines that end with a line feed, from its beginning: from the first quotes on that `rows` does not
 * understand, with Papa Parse.
 */
export async function readLines(
  head: Buffer,
  rest: AsyncIterator<Buffer>,
  rows: ByteRows | BlockRows,
  reading: Reading,
): Promise<void> {
  let left: Buffer = Buffer.alloc(0);
  for (let piece: Buffer | null = head; piece !== null; ) {
    const end = piece.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      const open = takeLines(rows, left, piece, end);
      if (open !== null) {
        const quoted = Buffer.concat([...open, piece.subarray(end)]);
        await readQuoted(quoted, rest, rows.line, reading);
        return;
      }
      left = Buffer.from(piece.subarray(end));
    } else {
      left = Buffer.concat([left, piece]);
      if (left.length > LONGEST_ROW && left.includes(QUOTE)) {
        await readQuoted(left, rest, rows.line, reading);
        return;
      }
    }
    await reading.pause?.();
    if (left.length > LONGEST_ROW) throw tooLong(reading.fileName, rows.line);
    const next = await rest.next();
    piece = next.done ? null : next.value;
  }
  if (left.length === 0) return;
  const taken = rows.take(Buffer.concat([left, END]));
  if (taken < left.length) await readQuoted(left.subarray(taken), rest, rows.line, reading);
}

/**
 * Reads the lines of a piece, up to `end`, of which the first began with `left`.
 *
 * @returns what was not read, if any
 */
function takeLines(
  rows: ByteRows | BlockRows,
  left: Buffer,
  piece: Buffer,
  end: number,
): Buffer[] | null {
  // Only the line that both pieces hold a part of is copied.
  const first = piece.indexOf(LINE_FEED) + 1;
  const line = Buffer.concat([left, piece.subarray(0, first)]);
  const taken = rows.take(line);
  if (taken < line.length) return [line.subarray(taken), piece.subarray(first, end)];
  const whole = first + rows.take(piece.subarray(first, end));
  return whole < end ? [piece.subarray(whole, end)] : null;
}

function tooLong(fileName: string, line: number): BitgradError {
  return new BitgradError(
    `${fileName}: line ${line}: expected a row that ends, received one of more than ${LONGEST_ROW} bytes`,
  );
}
