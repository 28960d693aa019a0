import { csvRows } from '../rows/csv-rows.js';
import { usualDecimalOf } from '../table/number-format.js';
import type { TableSource } from '../table/source.js';
import { filePieces } from './file-pieces.js';

/** A text of rows: CSV, plain or gzipped, in any of the encodings and with any of the separators that are read. */
export function csvSource(path: string, isPacked: boolean): TableSource {
  let delimiter = ',';
  let notes: string[] = [];
  return {
    fileName: path,
    names: null,
    unit: 'line',
    usualDecimal: () => usualDecimalOf(delimiter),
    notes: () => notes,
    scan: async (visit, decimal, visitBlock) => {
      const found: string[] = [];
      const say = (note: string): void => {
        found.push(note);
      };
      const pieces = filePieces(path, isPacked, false);
      try {
        const rows = await csvRows(pieces, path, say);
        delimiter = rows.delimiter;
        if (visitBlock) await rows.readBlocks(decimal === '.', visit, visitBlock);
        else await rows.read(new Array(rows.first.length).fill('text'), false, visit);
        notes = found;
      } finally {
        // Where not all was read, the file is still open.
        await pieces.return(undefined);
      }
    },
  };
}
