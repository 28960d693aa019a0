/** What is looked at before any row is read, in bytes, however they come. */
const HEAD = 2 ** 18;
/** The longest row, in bytes: an open quote swallows the rest. */
export const LONGEST_ROW = 2 ** 20;

/** After a carriage return stands a line feed, or old Macs' lines end so. */
const LINE_END = /\r?\n|\r(?=[\s\S])/;

/** Whether a line has come to its end that may be a row: not blank, no comment, not Excel's `sep=;`. */
function holdsRow(text: string): boolean {
  const whole = text.split(LINE_END).slice(0, -1);
  return whole.some((line) => line.trim() !== '' && !/^(?:#|"?sep=.)/i.test(line));
}

/** A text's beginning. */
export interface Head {
  /** All that was read. */
  readonly bytes: Buffer;
  /** What is looked at: it does not depend on how the bytes came. */
  readonly text: string;
  /** Whether the input ends with it. */
  readonly isWhole: boolean;
}

/** `HEAD` bytes, or twice as many as often as it takes to hold a whole row; less where the input ends. */
export async function readHead(iterator: AsyncIterator<Buffer>): Promise<Head> {
  let bytes: Buffer = Buffer.alloc(0);
  for (let limit = HEAD; ; limit *= 2) {
    const pieces = [bytes];
    let { length } = bytes;
    let isWhole = false;
    while (length < limit && !isWhole) {
      const next = await iterator.next();
      isWhole = next.done === true;
      if (next.done) break;
      pieces.push(Buffer.from(next.value));
      length += next.value.length;
    }
    bytes = Buffer.concat(pieces);
    const looked = bytes.subarray(0, limit);
    if (isWhole || limit > LONGEST_ROW || holdsRow(looked.toString('latin1'))) {
      return { bytes, text: looked.toString('utf8'), isWhole };
    }
  }
}
