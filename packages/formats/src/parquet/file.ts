import type { FileHandle } from 'node:fs/promises';
import { BitgradError } from '@bitgrad/core';
import { type AsyncBuffer, type FileMetaData, parquetReadObjects, parquetSchema } from 'hyparquet';
import { openFile, systemReason } from '../files.js';
import { maximumInputBytes } from '../limits.js';
import { Instant } from '../table/date-text.js';
import { checkDistinct } from '../table/header.js';
import { pandasIndex } from '../table/pandas-index.js';
import { columnsOf, type ParquetColumn } from './columns.js';
import { boundedCompressors } from './decompress.js';
import { readMetadata } from './metadata.js';
import { checkRowGroup } from './row-group.js';

/** A row, by column names. */
export type ParquetRow = Readonly<Record<string, unknown>>;

/** A Parquet file that is open. */
export interface ParquetFile {
  readonly columns: readonly ParquetColumn[];
  readonly rows: number;
  /** Columns that are pandas' index of the rows. */
  readonly indexColumns: readonly string[];
  /** Reads some columns, a row group at a time; rows are counted from 1. */
  scan(
    names: readonly string[],
    visit: (row: ParquetRow, number: number) => Promise<void> | void,
  ): Promise<void>;
}

/**
 * Opens a Parquet file, does something with it, and closes it.
 *
 * @throws BitgradError if it is no such file or is damaged, and what `work` throws
 */
export async function withParquet<Result>(
  path: string,
  work: (file: ParquetFile) => Promise<Result>,
): Promise<Result> {
  const handle = await openFile(path);
  try {
    const buffer = await inWords(path, () => bufferOf(handle, path));
    const metadata = await inWords(path, () => readMetadata(buffer));
    const columns = await inWords(path, async () => columnsOf(parquetSchema(metadata)));
    checkDistinct(
      columns.map(({ name }) => name),
      path,
      'Rename one of them.',
    );
    return await work({
      columns,
      rows: Number(metadata.num_rows),
      indexColumns: pandasIndex(
        metadata.key_value_metadata?.find(({ key }) => key === 'pandas')?.value,
      ),
      scan: (names, visit) => scan(path, buffer, metadata, names, visit),
    });
  } finally {
    await handle.close();
  }
}

/** Some files say of whole numbers of 32 bits that they are times; what is missing in its dictionary is none. */
const EXACT_TIMES = {
  timestampFromMicroseconds: (micros: bigint) => new Instant(BigInt(micros), 1_000_000n),
  timestampFromNanoseconds: (nanos: bigint) => new Instant(BigInt(nanos), 1_000_000_000n),
};

async function scan(
  path: string,
  file: AsyncBuffer,
  metadata: FileMetaData,
  names: readonly string[],
  visit: (row: ParquetRow, number: number) => Promise<void> | void,
): Promise<void> {
  let rowStart = 0;
  for (const [index, group] of metadata.row_groups.entries()) {
    const rowEnd = rowStart + Number(group.num_rows);
    const place = `${path}: row group ${index + 1} of ${metadata.row_groups.length}`;
    const rows = await inWords(place, async () => {
      await checkRowGroup(file, metadata, index, names);
      return parquetReadObjects({
        file,
        metadata,
        columns: [...names],
        rowStart,
        rowEnd,
        compressors: boundedCompressors,
        parsers: EXACT_TIMES,
        utf8: false,
        useOffsetIndex: false,
      });
    });
    if (rows.length !== rowEnd - rowStart) {
      throw new BitgradError(
        `${place}: expected ${rowEnd - rowStart} rows, received ${rows.length}`,
      );
    }
    for (const [offset, row] of rows.entries()) await visit(row, rowStart + offset + 1);
    rowStart = rowEnd;
  }
}

async function bufferOf(handle: FileHandle, path: string): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const length = Math.min(end, size) - start;
      if (!(length >= 0 && start >= 0 && length <= maximumInputBytes)) {
        throw new BitgradError(
          `${path}: expected parts of at most ${maximumInputBytes} bytes in the file, received ${length} from ${start}`,
        );
      }
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, start);
      if (bytesRead !== length) throw new Error('the file ends early');
      return bytes.buffer;
    },
  };
}

async function inWords<Result>(place: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BitgradError) throw error;
    throw new BitgradError(
      `${place}: expected Parquet, received a file that does not read (${systemReason(error)})`,
      'The file is damaged or truncated, or uses what is not read.',
    );
  }
}
