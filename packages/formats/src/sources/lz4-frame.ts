const MAGIC = 0x184d2204;
/** The bits of a frame's descriptor. */
const BLOCK_CHECKSUMS = 0x10;
const CONTENT_SIZE = 0x08;
const DICTIONARY = 0x01;
/** A block's size with this bit is of bytes that are not packed. */
const NOT_PACKED = 0x80000000;
const SHORTEST_MATCH = 4;

/**
 * Unpacks an LZ4 frame (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md); its checksums
 * are not compared.
 *
 * @param length of what comes out
 * @throws Error in words, if it is no such frame, or something else comes out
 */
export function unpackLz4Frame(bytes: Uint8Array, length: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new Error('no LZ4 frame');
  const flags = view.getUint8(4);
  let at = 7 + (flags & CONTENT_SIZE ? 8 : 0) + (flags & DICTIONARY ? 4 : 0);
  const out = new Uint8Array(length);
  let filled = 0;
  for (;;) {
    const head = view.getUint32(at, true);
    at += 4;
    if (head === 0) break;
    const size = head % NOT_PACKED;
    const block = bytes.subarray(at, at + size);
    if (block.length !== size) throw new Error('an LZ4 block that is cut off');
    if (head >= NOT_PACKED) {
      if (filled + size > length) throw new Error('more bytes than the LZ4 frame says');
      out.set(block, filled);
      filled += size;
    } else filled = unpackBlock(block, out, filled);
    at += size + (flags & BLOCK_CHECKSUMS ? 4 : 0);
  }
  if (filled !== length) throw new Error(`${filled} of ${length} bytes in an LZ4 frame`);
  return out;
}

/** Unpacks a block (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md) behind what is there. */
function unpackBlock(block: Uint8Array, out: Uint8Array, start: number): number {
  let to = start;
  let at = 0;
  const lengthFrom = (nibble: number): number => {
    let length = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; length += byte) {
      byte = block[at] ?? 0;
      at += 1;
    }
    return length;
  };
  while (at < block.length) {
    const token = block[at]!;
    at += 1;
    const literals = lengthFrom(token >> 4);
    if (at + literals > block.length || to + literals > out.length)
      throw new Error('a damaged LZ4 block');
    out.set(block.subarray(at, at + literals), to);
    to += literals;
    at += literals;
    if (at >= block.length) break;
    const offset = block[at]! + 256 * (block[at + 1] ?? 0);
    at += 2;
    const match = lengthFrom(token & 15) + SHORTEST_MATCH;
    if (offset === 0 || offset > to || to + match > out.length)
      throw new Error('a damaged LZ4 block');
    // A match may reach into itself: byte by byte.
    for (let i = 0; i < match; i += 1) out[to + i] = out[to + i - offset]!;
    to += match;
  }
  return to;
}
