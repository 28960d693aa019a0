import { crc32, deflateSync } from 'node:zlib';

/** A grey PNG. */
export function pngBytes(
  width: number,
  height: number,
  brightness: (x: number, y: number) => number,
): Uint8Array {
  return png(width, height, 1, (x, y) => [brightness(x, y)]);
}

/** A PNG in colours. */
export function colourPngBytes(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly number[],
): Uint8Array {
  return png(width, height, 3, colour);
}

/** PNG's colour types, by the number of channels. */
const COLOUR_TYPES: Readonly<Record<number, number>> = { 1: 0, 3: 2 };

function png(
  width: number,
  height: number,
  channels: number,
  pixel: (x: number, y: number) => readonly number[],
): Uint8Array {
  const rows: number[] = [];
  for (let y = 0; y < height; y += 1) {
    // Each row begins with its filter, 0 for none.
    rows.push(0);
    for (let x = 0; x < width; x += 1) rows.push(...pixel(x, y));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = COLOUR_TYPES[channels]!;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Uint8Array.from(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
