import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync } from 'hyparquet';

/** The largest footer, in bytes: 64 MiB. */
const maximumFooterBytes = 2 ** 26;

/** Rows come as objects, which have no member of this name. */
const NO_NAME = '__proto__';

/**
 * Reads what a Parquet file's footer says of it.
 *
 * @throws Error in words, without the place
 */
export async function readMetadata(buffer: AsyncBuffer): Promise<FileMetaData> {
  const end = new DataView(await buffer.slice(Math.max(0, buffer.byteLength - 8)));
  if (end.byteLength < 8) throw new Error('too few bytes');
  const footer = end.getUint32(0, true);
  if (footer > maximumFooterBytes) throw new Error(`a footer of ${footer} bytes`);
  const metadata = await parquetMetadataAsync(buffer, { geoparquet: false });
  checkNames(metadata);
  checkRowCounts(metadata);
  return metadata;
}

/** The library takes a column's name for a text, and one that is not there for no fault. */
function checkNames({ schema: [, ...columns] }: FileMetaData): void {
  for (const { name } of columns as readonly { name: unknown }[]) {
    if (typeof name !== 'string') throw new Error('a column without a name');
    if (name === NO_NAME) throw new Error(`a column with the name ${NO_NAME}`);
  }
}

/** Memory is made for as many rows as the file says, before its row groups are read. */
function checkRowCounts({ num_rows, row_groups: groups }: FileMetaData): void {
  const counts = groups.map((group) => Number(group.num_rows));
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const areCounts = counts.every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!areCounts || rows !== Number(num_rows)) {
    throw new Error(`${num_rows} rows in row groups of ${rows}`);
  }
}
