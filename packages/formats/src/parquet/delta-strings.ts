import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { readVarInt } from 'hyparquet/src/thrift.js';

/** The most bytes of text that a page's values may come to: 256 MiB. */
const MOST_TEXT = 2 ** 28;

/**
 * Checks a page of DELTA_BYTE_ARRAY before it is decoded: each value begins with a part of the one
 * before, so that a few bytes could say gigabytes of text.
 *
 * @param count the most values that the page may hold
 * @throws Error in words, if lengths do not fit the page, or the texts are too long
 */
export function checkDeltaStrings(bytes: Uint8Array, count: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = { view, offset: 0 };
  if (bytes.length === 0) return;
  const prefixes = lengthsIn(reader, count);
  const suffixes = lengthsIn(reader, count);
  if (prefixes.length !== suffixes.length) throw new Error('texts without their beginnings');
  let before = 0;
  let [text, stored] = [0, 0];
  for (const [index, prefix] of prefixes.entries()) {
    const suffix = suffixes[index]!;
    if (prefix < 0 || suffix < 0 || prefix > before)
      throw new Error(`a text that begins with ${prefix} of ${before} bytes`);
    before = prefix + suffix;
    text += before;
    stored += suffix;
  }
  if (stored > bytes.length - reader.offset) throw new Error('texts beyond the page');
  if (text > MOST_TEXT) throw new Error(`texts of ${text} bytes, of at most ${MOST_TEXT}`);
}

function lengthsIn(reader: { view: DataView; offset: number }, count: number): Int32Array {
  const ahead = { view: reader.view, offset: reader.offset };
  const block = readVarInt(ahead);
  const parts = readVarInt(ahead);
  const values = readVarInt(ahead);
  if (!(parts >= 1 && block >= parts && block % parts === 0 && values >= 0 && values <= count)) {
    throw new Error(`${values} lengths in blocks of ${block} in ${parts} parts`);
  }
  const lengths = new Int32Array(values);
  if (values === 0) throw new Error('no lengths');
  deltaBinaryUnpack(reader, values, lengths);
  return lengths;
}
