import { rowsSource } from '../src/memory/rows-source.js';
import type { Cell } from '../src/table/cell.js';
import type { Reading } from '../src/table/column-cells.js';
import { ColumnStore } from '../src/table/column-store.js';

/** How a column is read by the rules of today. */
export const READING: Reading = { rules: 2, decimal: '.', keepsAll: false };
/** A source for cells that come from none. */
export const SOURCE = rowsSource([['x']], 'file');

/** A column of these cells, one a line. */
export function storeOf(cells: readonly Cell[], reading: Partial<Reading> = {}): ColumnStore {
  const store = new ColumnStore({ ...READING, ...reading });
  for (const [at, cell] of cells.entries()) store.add(cell, SOURCE, at + 1);
  store.finish();
  return store;
}
