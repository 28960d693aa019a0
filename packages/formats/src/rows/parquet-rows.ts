import { withParquet } from '../parquet/file.js';
import { parquetSource } from '../parquet/table.js';
import type { RowStream } from './row-stream.js';

/** A Parquet file of numbers and texts, a row group at a time. */
export async function parquetRows(path: string): Promise<RowStream> {
  const all = await withParquet(path, async (file) => file.columns);
  const columns = all.filter(({ kind }) => kind !== 'image' && kind !== 'other');
  const source = parquetSource(path, columns, []);
  return {
    fileName: path,
    unit: 'row',
    names: source.names,
    types: columns.map(({ kind }) => (kind === 'number' ? 'number' : 'text')),
    first: [],
    read: (_wanted, _hasHeader, visit) =>
      source.scan((cells, row) => visit(cells as readonly (string | number | null)[], row), '.'),
  };
}
