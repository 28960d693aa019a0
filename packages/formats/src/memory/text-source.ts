import Papa from 'papaparse';
import { cleanText } from '../csv/clean-lines.js';
import { findDialect, wordsOf } from '../csv/dialect.js';
import { RowReader } from '../csv/row-reader.js';
import { refuseSparseRows } from '../csv/sparse-rows.js';
import { usualDecimalOf } from '../table/number-format.js';
import type { TableSource } from '../table/source.js';

/** Where a table's writing is looked at: as much as the first piece of a file. */
const beginningLength = 65536;

/**
 * A CSV text in memory as a table.
 *
 * @param name for errors
 */
export function textSource(text: string, name: string): TableSource {
  const whole = text.startsWith('\ufeff') ? text.slice(1) : text;
  refuseSparseRows(whole.slice(0, beginningLength), name);
  const dialect = findDialect(whole.slice(0, beginningLength));
  const clean = cleanText(whole, dialect);
  return {
    fileName: name,
    names: null,
    unit: 'line',
    usualDecimal: () => usualDecimalOf(dialect.delimiter),
    async scan(visit) {
      const { delimiter, newline } = dialect;
      const rows =
        delimiter === ' '
          ? { data: clean.split(newline).map(wordsOf), errors: [] }
          : Papa.parse<string[]>(clean, { delimiter, newline });
      new RowReader(name, dialect, visit).take(rows);
    },
  };
}
