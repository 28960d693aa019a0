import { crc32, inflateSync } from 'node:zlib';
import type { RgbaImage } from './grey.js';

interface Header {
  readonly width: number;
  readonly height: number;
  /** Bytes of a pixel: 1 grey, 3 colours, 4 colours and opacity. */
  readonly channels: 1 | 3 | 4;
}

/** Bytes of a pixel, by PNG's number for how colours are stored. */
const CHANNELS: Readonly<Record<number, Header['channels']>> = { 0: 1, 2: 3, 6: 4 };

/** Chunks that change what is seen: the palette, a transparent colour, the way up. */
const MEANINGFUL = ['PLTE', 'tRNS', 'eXIf'];

const signatureLength = 8;
const chunkOverhead = 12;

/** The size that a PNG file says that its image has, if it says one. */
export function pngSize(bytes: Uint8Array): Pick<Header, 'width' | 'height'> | undefined {
  if (bytes.length < signatureLength + chunkOverhead + 13) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/**
 * Decodes the plainest PNG files: grey, RGB or RGBA of 8 bits, not interlaced. Data sets of many
 * small images are such files, and the general decoder takes far longer to start than these take to
 * decode.
 *
 * @param bytes with PNG's signature, of a size that may be decoded
 * @returns undefined for any other file, damaged ones too, which are left to the general decoder
 */
export function decodePlainPng(bytes: Uint8Array): RgbaImage | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = readChunks(buffer);
  const header = chunks && readHeader(chunks);
  if (!chunks || !header) return undefined;
  const { width, height, channels } = header;
  const expected = height * (1 + width * channels);
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  let rows: Uint8Array;
  try {
    rows = inflateSync(packed.length === 1 ? packed[0]! : Buffer.concat(packed), {
      maxOutputLength: expected,
    });
  } catch {
    return undefined;
  }
  if (rows.length !== expected || !unfilter(rows, header)) return undefined;
  return { width, height, pixels: spread(rows, header) };
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** All chunks to the last, if they are whole. */
function readChunks(buffer: Buffer): Chunk[] | undefined {
  const chunks: Chunk[] = [];
  let at = signatureLength;
  while (at + chunkOverhead <= buffer.length) {
    const length = buffer.readUInt32BE(at);
    const end = at + chunkOverhead + length;
    if (end > buffer.length) return undefined;
    const type = buffer.toString('latin1', at + 4, at + 8);
    if (crc32(buffer.subarray(at + 4, end - 4)) !== buffer.readUInt32BE(end - 4)) return undefined;
    if (MEANINGFUL.includes(type)) return undefined;
    if (type === 'IEND') return chunks;
    chunks.push({ type, data: buffer.subarray(at + 8, end - 4) });
    at = end;
  }
  return undefined;
}

function readHeader([first]: readonly Chunk[]): Header | undefined {
  if (first?.type !== 'IHDR' || first.data.length !== 13) return undefined;
  const { data } = first;
  const channels = CHANNELS[data[9]!];
  const isPlain = data[8] === 8 && data[10] === 0 && data[11] === 0 && data[12] === 0;
  const width = data.readUInt32BE(0);
  const height = data.readUInt32BE(4);
  if (!isPlain || channels === undefined || width === 0 || height === 0) return undefined;
  return { width, height, channels };
}

/**
 * Turns differences back into values, in place (PNG specification, section 9): each row begins with
 * the number of what its bytes were compared with.
 *
 * @returns false at an unknown number
 */
function unfilter(rows: Uint8Array, { width, height, channels }: Header): boolean {
  const stride = 1 + width * channels;
  for (let y = 0; y < height; y += 1) {
    const start = y * stride;
    const filter = rows[start]!;
    if (filter > 4) return false;
    if (filter === 0) continue;
    for (let x = 1; x < stride; x += 1) {
      const at = start + x;
      const left = x > channels ? rows[at - channels]! : 0;
      const above = y > 0 ? rows[at - stride]! : 0;
      const corner = y > 0 && x > channels ? rows[at - stride - channels]! : 0;
      rows[at] = rows[at]! + predict(filter, left, above, corner);
    }
  }
  return true;
}

function predict(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

function spread(rows: Uint8Array, { width, height, channels }: Header): Uint8Array {
  const pixels = new Uint8Array(width * height * 4).fill(255);
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    let from = y * (1 + width * channels) + 1;
    for (let x = 0; x < width; x += 1) {
      pixels[to] = rows[from]!;
      pixels[to + 1] = rows[channels === 1 ? from : from + 1]!;
      pixels[to + 2] = rows[channels === 1 ? from : from + 2]!;
      if (channels === 4) pixels[to + 3] = rows[from + 3]!;
      from += channels;
      to += 4;
    }
  }
  return pixels;
}
