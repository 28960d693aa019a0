import type { TableSource } from '../table/source.js';
import type { RowStream } from './row-stream.js';

type Cells = readonly (string | number | null)[];

/** A table's source as rows that are read once. */
export async function sourceRows(source: TableSource): Promise<RowStream> {
  const { fileName, unit, names } = source;
  let first: Cells = [];
  if (names === null) {
    await source.scan((cells) => {
      if (first.length === 0) first = [...cells];
    }, '.');
  }
  return {
    fileName,
    unit,
    names,
    types: null,
    first: first.map((cell) => String(cell ?? '').trim()),
    async read(_wanted, hasHeader, visit) {
      let skips = hasHeader && names === null;
      await source.scan((cells, row) => {
        if (skips) skips = false;
        else visit(cells, row);
      }, '.');
    },
  };
}
