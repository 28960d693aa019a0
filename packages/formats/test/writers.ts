import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import type { SchemaElement } from 'hyparquet';
import type { ArraySource } from '../src/arrays/read-array.js';
import { temporaryFolder } from './temporary.js';

/** A temporary file with these contents; returns its path. */
export function temporaryFile(name: string, contents: string | Uint8Array): string {
  return join(temporaryFolder({ [name]: Buffer.from(contents) }), name);
}

/** A temporary folder of files that may lie in folders. */
export function temporaryTree(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), contents);
  }
  return folder;
}

/** An image file of grey pixels. */
export async function imageBytes(
  kind: 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' | 'avif',
  width: number,
  height: number,
  grey: readonly number[],
): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const image = sharp(Uint8Array.from(grey), { raw: { width, height, channels: 1 } });
  return image[kind](
    kind === 'webp' || kind === 'avif'
      ? { lossless: true }
      : kind === 'gif'
        ? {}
        : ({ quality: 100 } as object),
  ).toBuffer();
}

/** The bytes of an NPY file. */
export function npyBytes(
  descr: string,
  shape: readonly number[],
  values: Uint8Array,
  fortranOrder = 'False',
): Buffer {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': ${fortranOrder}, 'shape': (${sizes}), }`;
  const header = Buffer.from(`${text.padEnd(117)}\n`);
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0]);
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, header, values]);
}

/** What a PNG file says of itself, and the parts beside. */
export interface PngParts {
  readonly width: number;
  readonly height: number;
  /** 0 grey, 2 colours, 6 colours and opacity. */
  readonly colour?: number;
  readonly bits?: number;
  /** Compression, filters and interlacing, which all are 0. */
  readonly methods?: readonly number[];
  readonly before?: readonly (readonly [type: string, data: Uint8Array])[];
  /** How many pieces the pixels are in. */
  readonly pieces?: number;
}

/**
 * The bytes of a PNG file (its specification, section 5).
 *
 * @param rows each begins with the number of its filter
 */
export function pngBytes(rows: readonly (readonly number[])[], parts: PngParts): Buffer {
  const { width, height, colour = 0, bits = 8, methods = [0, 0, 0], pieces = 1 } = parts;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, colour, ...methods], 8);
  const packed = deflateSync(Uint8Array.from(rows.flat()));
  const size = Math.ceil(packed.length / pieces);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...(parts.before ?? []).map(([type, data]) => pngChunk(type, data)),
    ...Array.from({ length: pieces }, (_, at) =>
      pngChunk('IDAT', packed.subarray(at * size, (at + 1) * size)),
    ),
    pngChunk('IEND', new Uint8Array(0)),
  ]);
}

/** A part of a PNG file. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const whole = Buffer.concat([Buffer.alloc(4), Buffer.from(type), data, Buffer.alloc(4)]);
  whole.writeUInt32BE(data.length, 0);
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), whole.length - 4);
  return whole;
}

/** An NPY file in memory, that comes in pieces of so many bytes, whatever its size is said to be. */
export function npySource(
  bytes: Uint8Array,
  piece = bytes.length,
  said = bytes.length,
  name = 'x',
): ArraySource {
  return {
    name,
    place: name,
    bytes: said,
    open: async () =>
      (async function* () {
        for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
      })(),
  };
}

/** The bytes of numbers as they lie in memory. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** What an entry of a ZIP file says that is not so. */
export interface ZipLie {
  readonly unpackedSize?: number;
  readonly sum?: number;
}

/** A ZIP file with deflated entries. */
export function zipBytes(entries: Readonly<Record<string, Uint8Array>>, lie: ZipLie = {}): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(entries)) {
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(lie.sum ?? crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(lie.unpackedSize ?? bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    centrals.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), common, rest, Buffer.from(name)]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(centrals.length, 4);
  end.writeUInt16LE(centrals.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]);
}

/** The schema of a Parquet file of images, as Hugging Face's data sets have them: bytes beside a path, and a label. */
export function imageSchema(column: string): SchemaElement[] {
  return [
    { name: 'root', num_children: 2 },
    { name: column, num_children: 2, repetition_type: 'OPTIONAL' },
    { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
    { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
    { name: 'label', type: 'INT32', repetition_type: 'OPTIONAL' },
  ];
}
