import type { RgbaImage } from './grey.js';

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bytes of a pixel: 1 grey, 3 colours, 4 colours and opacity. */
  readonly channels: 1 | 3 | 4;
}

/** Bytes of a pixel, by PNG's number for how colours are stored. */
const CHANNELS: Readonly<Record<number, PngHeader['channels']>> = { 0: 1, 2: 3, 6: 4 };

/** Chunks that change what is seen: the palette, a transparent colour, the way up. */
const MEANINGFUL = ['PLTE', 'tRNS', 'eXIf'];

const signatureLength = 8;
const chunkOverhead = 12;

/** The size that a PNG file says that its image has, if it says one. */
export function pngSize(bytes: Uint8Array): Pick<PngHeader, 'width' | 'height'> | undefined {
  if (bytes.length < signatureLength + chunkOverhead + 13) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

/** The parts of a plain PNG file, which the platform's zlib has to inflate. */
export interface PlainPng {
  readonly header: PngHeader;
  /** The bytes of all rows, compressed, in pieces. */
  readonly packed: readonly Uint8Array[];
  /** How many bytes they come to. */
  readonly rowBytes: number;
}

/**
 * Takes the plainest PNG files apart: grey, RGB or RGBA of 8 bits, not interlaced.
 *
 * @param bytes with PNG's signature, of a size that may be decoded
 * @param crc32 the checksum that PNG uses (ISO 3309)
 * @returns undefined for any other file, damaged ones too
 */
export function openPlainPng(
  bytes: Uint8Array,
  crc32: (data: Uint8Array) => number,
): PlainPng | undefined {
  const chunks = readChunks(bytes, crc32);
  const header = chunks && readHeader(chunks);
  if (!chunks || !header) return undefined;
  const { width, height, channels } = header;
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  return { header, packed, rowBytes: height * (1 + width * channels) };
}

/** The image whose rows were inflated, or undefined where they are not as they should be. */
export function imageOfRows(
  rows: Uint8Array,
  { header, rowBytes }: PlainPng,
): RgbaImage | undefined {
  const { width, height } = header;
  if (rows.length !== rowBytes || !unfilter(rows, header)) return undefined;
  return { width, height, pixels: spread(rows, header) };
}

/** All chunks to the last, if they are whole. */
function readChunks(bytes: Uint8Array, crc32: (data: Uint8Array) => number): Chunk[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  let at = signatureLength;
  while (at + chunkOverhead <= bytes.length) {
    const length = view.getUint32(at);
    const end = at + chunkOverhead + length;
    if (end > bytes.length) return undefined;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) return undefined;
    if (MEANINGFUL.includes(type)) return undefined;
    if (type === 'IEND') return chunks;
    chunks.push({ type, data: bytes.subarray(at + 8, end - 4) });
    at = end;
  }
  return undefined;
}

function readHeader([first]: readonly Chunk[]): PngHeader | undefined {
  if (first?.type !== 'IHDR' || first.data.length !== 13) return undefined;
  const { data } = first;
  const channels = CHANNELS[data[9]!];
  const isPlain = data[8] === 8 && data[10] === 0 && data[11] === 0 && data[12] === 0;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (!isPlain || channels === undefined || width === 0 || height === 0) return undefined;
  return { width, height, channels };
}

/**
 * Turns differences back into values, in place (PNG specification, section 9): each row begins with
 * the number of what its bytes were compared with.
 *
 * @returns false at an unknown number
 */
function unfilter(rows: Uint8Array, { width, height, channels }: PngHeader): boolean {
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

function spread(rows: Uint8Array, { width, height, channels }: PngHeader): Uint8Array {
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
