import type { ColumnMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { boundedCompressors } from './decompress.js';
import { checkDeltaStrings } from './delta-strings.js';
import { checkLevels, checkRuns } from './runs.js';

type PageHeader = ReturnType<typeof parquetHeader>;

/** Encodings that are read. */
const ENCODINGS: readonly string[] = [
  'PLAIN',
  'PLAIN_DICTIONARY',
  'RLE_DICTIONARY',
  'RLE',
  'DELTA_BINARY_PACKED',
  'DELTA_LENGTH_BYTE_ARRAY',
  'DELTA_BYTE_ARRAY',
  'BYTE_STREAM_SPLIT',
];

/** A column chunk: its bytes, what the file says of it, and how many values it should hold. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly metadata: ColumnMetaData;
  readonly values: number;
  /** How deep a value may be missing: the optional levels of its path. */
  readonly definitionLevel: number;
}

/**
 * Walks over the pages of a column chunk before they are decoded, and compares what their headers
 * say with what is there: decoding allocates what a header says.
 *
 * @throws Error in words, without the place
 */
export function checkPages(chunk: Chunk): void {
  const { bytes, metadata, values } = chunk;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = { view, offset: 0 };
  const unpackedLimit = Number(metadata.total_uncompressed_size);
  let seen = 0;
  while (seen < values && reader.offset < bytes.length) {
    const header = parquetHeader(reader);
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
    if (!isSize(packed, bytes.length - reader.offset) || !isSize(unpacked, unpackedLimit)) {
      throw new Error(`a page of ${packed} bytes, ${unpacked} unpacked, which does not fit`);
    }
    const data = bytes.subarray(reader.offset, reader.offset + packed);
    reader.offset += packed;
    seen += checkPage(header, data, chunk);
    if (seen > values) throw new Error(`pages with more than ${values} values`);
  }
  if (seen < values) throw new Error(`pages with ${seen} of ${values} values`);
}

/** The values of a data page. */
function checkPage(header: PageHeader, data: Uint8Array, chunk: Chunk): number {
  const { data_page_header: first, data_page_header_v2: second } = header;
  if (header.type === 'DICTIONARY_PAGE') {
    const count = header.dictionary_page_header?.num_values;
    if (!isSize(count, header.uncompressed_page_size * 8)) {
      throw new Error(`a dictionary of ${count} values`);
    }
    return 0;
  }
  const count = first?.num_values ?? second?.num_values;
  if (!isSize(count, chunk.values) || (first && second)) throw new Error(`${count} values`);
  const encoding = (first ?? second)!.encoding;
  if (!ENCODINGS.includes(encoding)) throw new Error(`the encoding ${encoding}`);
  if (first) checkFirstVersion(header, data, chunk, count);
  else checkSecondVersion(header, data, chunk, count);
  return count;
}

function checkFirstVersion(
  header: PageHeader,
  data: Uint8Array,
  { metadata, definitionLevel }: Chunk,
  count: number,
): void {
  const bytes = decompressPage(
    data,
    header.uncompressed_page_size,
    metadata.codec,
    boundedCompressors,
  );
  let offset = 0;
  if (definitionLevel > 0) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    checkLevels({ bytes, offset: 4, width: bitsOf(definitionLevel), count });
    offset = 4 + view.getUint32(0, true);
  }
  checkIndices(bytes, offset, header.data_page_header!.encoding, metadata, count);
}

function checkSecondVersion(
  header: PageHeader,
  data: Uint8Array,
  { metadata, definitionLevel }: Chunk,
  count: number,
): void {
  const second = header.data_page_header_v2!;
  const levels = second.definition_levels_byte_length + second.repetition_levels_byte_length;
  if (
    !isSize(second.num_nulls, count) ||
    !isSize(second.num_rows, count) ||
    !isSize(second.definition_levels_byte_length, data.length) ||
    !isSize(second.repetition_levels_byte_length, data.length) ||
    levels > Math.min(data.length, header.uncompressed_page_size)
  ) {
    throw new Error('a page whose levels do not fit');
  }
  if (definitionLevel > 0) {
    const bytes = data.subarray(second.repetition_levels_byte_length, levels);
    checkLevels({ bytes, offset: 0, width: bitsOf(definitionLevel), count });
  }
  const packed = data.subarray(levels);
  const bytes = second.is_compressed
    ? decompressPage(
        packed,
        header.uncompressed_page_size - levels,
        metadata.codec,
        boundedCompressors,
      )
    : packed;
  checkIndices(bytes, 0, second.encoding, metadata, count);
}

/** Runs of indices into the dictionary, or of true and false; texts that begin with those before. */
function checkIndices(
  bytes: Uint8Array,
  offset: number,
  encoding: string,
  { type }: ColumnMetaData,
  count: number,
): void {
  if (encoding.endsWith('DICTIONARY')) {
    checkRuns({ bytes, offset: offset + 1, width: bytes[offset] ?? 0, count });
  } else if (encoding === 'DELTA_BYTE_ARRAY') {
    checkDeltaStrings(bytes.subarray(offset), count);
  } else if (encoding === 'RLE') {
    if (type !== 'BOOLEAN') throw new Error(`the encoding RLE for ${type}`);
    checkRuns({ bytes, offset: offset + 4, width: 1, count });
  }
}

function bitsOf(level: number): number {
  return 32 - Math.clz32(level);
}

function isSize(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
}
