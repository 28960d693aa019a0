import { csvRows } from '../rows/csv-rows.js';
import type { TableSource } from '../table/source.js';
import { filePieces } from './file-pieces.js';

/** A text of rows: CSV, plain or gzipped, in any of the encodings and with any of the separators that are read. */
export function csvSource(path: string, isPacked: boolean): TableSource {
  let delimiter = ',';
  let encoding: string | null = null;
  return {
    fileName: path,
    names: null,
    unit: 'line',
    usualDecimal: () => (delimiter === ';' ? ',' : '.'),
    notes: () =>
      encoding === null ? [] : [`${path} is read as ${encoding}: its bytes are no UTF-8`],
    scan: async (visit, decimal) => {
      const say = (found: string): void => {
        encoding = found;
      };
      const pieces = filePieces(path, isPacked);
      try {
        const rows = await csvRows(pieces, path, say);
        delimiter = rows.delimiter;
        const wanted = decimal === '.' ? 'plain' : 'text';
        await rows.read(new Array(rows.first.length).fill(wanted), false, visit);
      } finally {
        // Where not all was read, the file is still open.
        await pieces.return(undefined);
      }
    },
  };
}
