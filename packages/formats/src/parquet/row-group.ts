import { type AsyncBuffer, type FileMetaData, parquetSchema, type SchemaTree } from 'hyparquet';
import { checkPages } from './pages.js';

/** The most rows of a row group. */
const maximumGroupRows = 2 ** 24;

/** The most bytes that the columns of a row group may unpack to: 1 GiB. */
const maximumGroupBytes = 2 ** 30;

/**
 * Checks a row group's columns before they are decoded: sizes, counts, and the pages themselves.
 *
 * @throws Error in words, without the place
 */
export async function checkRowGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  index: number,
  names: readonly string[],
): Promise<void> {
  const group = metadata.row_groups[index]!;
  const rows = Number(group.num_rows);
  if (!Number.isInteger(rows) || rows < 0 || rows > maximumGroupRows) {
    throw new Error(`${rows} rows, of at most ${maximumGroupRows}`);
  }
  const schema = parquetSchema(metadata);
  let unpacked = 0;
  for (const column of group.columns) {
    const { meta_data: meta, file_path: path } = column;
    if (meta === undefined || path !== undefined) throw new Error('columns in other files');
    if (!names.includes(meta.path_in_schema[0]!)) continue;
    unpacked += Number(meta.total_uncompressed_size);
    if (!(unpacked >= 0 && unpacked <= maximumGroupBytes)) {
      throw new Error(`columns of ${unpacked} bytes, of at most ${maximumGroupBytes}`);
    }
    if (Number(meta.num_values) !== rows) {
      throw new Error(`${meta.num_values} values in ${rows} rows`);
    }
    const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
    const bytes = await file.slice(start, start + Number(meta.total_compressed_size));
    checkPages({
      bytes: new Uint8Array(bytes),
      metadata: meta,
      values: rows,
      definitionLevel: definitionLevel(schema, meta.path_in_schema),
    });
  }
}

/** How many levels of a path may be missing. */
function definitionLevel(schema: SchemaTree, path: readonly string[]): number {
  let node: SchemaTree | undefined = schema;
  let level = 0;
  for (const name of path) {
    node = node?.children.find(({ element }) => element.name === name);
    if (node === undefined || node.element.repetition_type === 'REPEATED') {
      throw new Error(`the column ${path.join('.')}, which is no part of the schema, or a list`);
    }
    if (node.element.repetition_type === 'OPTIONAL') level += 1;
  }
  return level;
}
