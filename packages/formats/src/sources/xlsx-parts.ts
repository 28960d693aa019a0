import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { BitgradError } from '@bitgrad/core';
import yauzl, { type Entry } from 'yauzl';

/** The most bytes that an Excel file's parts may unpack to: 256 MiB. */
const MOST_UNPACKED = 2 ** 28;

/** Parts that no sheet is in: what queries, add-ins and other programs keep there is of any length. */
const ASIDE = /^(?:customXml|docProps|xl\/webextensions)\//;

/**
 * An Excel file's parts of XML by their names, unpacked, but for those beside the sheets. What one unpacks to is
 * compared with its size and its CRC-32, and never exceeds that size.
 *
 * @throws BitgradError if they unpack to too much, and what yauzl throws if they do not
 */
export async function xlsxParts(bytes: Buffer, path: string): Promise<Map<string, Buffer>> {
  const file = await yauzl.fromBufferPromise(bytes, {});
  const entries: Entry[] = [];
  let unpacked = 0;
  for await (const entry of file.eachEntry()) {
    unpacked += entry.uncompressedSize;
    const { fileName } = entry;
    if (/\.xml(?:\.rels)?$/.test(fileName) && !ASIDE.test(fileName)) entries.push(entry);
  }
  if (unpacked > MOST_UNPACKED) {
    throw new BitgradError(
      `${path}: expected an Excel file of at most ${MOST_UNPACKED} bytes unpacked, received one of ${unpacked}`,
      'Save it as CSV.',
    );
  }
  const parts = new Map<string, Buffer>();
  for (const entry of entries) {
    const part = await buffer(await file.openReadStreamPromise(entry, {}));
    if (crc32(part) !== entry.crc32) throw new Error(`wrong CRC-32 of ${entry.fileName}`);
    parts.set(entry.fileName, part);
  }
  return parts;
}

/**
 * The pieces of a ZIP file (APPNOTE.TXT 6.3.10, 4.3) that stores parts, for a reader that goes through it from its
 * start and never looks at its directory, which so is left out.
 */
export function* storedZip(parts: ReadonlyMap<string, Buffer>): Generator<Buffer> {
  for (const [name, data] of parts) {
    const encoded = Buffer.from(name);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    // Names are UTF-8.
    head.writeUInt16LE(0x0800, 6);
    head.writeUInt32LE(crc32(data), 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt32LE(data.length, 22);
    head.writeUInt16LE(encoded.length, 26);
    yield Buffer.concat([head, encoded]);
    if (data.length > 0) yield data;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  yield end;
}
