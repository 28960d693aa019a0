import { crc32, deflateSync } from 'node:zlib';

/** A grey PNG. */
export function pngBytes(
  width: number,
  height: number,
  brightness: (x: number, y: number) => number,
): Uint8Array {
  const rows = Uint8Array.from({ length: height * (width + 1) }, (_, at) => {
    const [x, y] = [(at % (width + 1)) - 1, Math.floor(at / (width + 1))];
    return x < 0 ? 0 : brightness(x, y);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
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
