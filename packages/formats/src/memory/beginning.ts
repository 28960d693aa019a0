import { trimmed } from '@bitgrad/core';
import { rulesOf } from '../table/plan.js';
import type { TableSource } from '../table/source.js';
import { storeTable } from '../table/table-store.js';

/** Rows above a table's first one that are looked through for it: titles, and the names. */
const MOST_ABOVE = 100;

/**
 * The names of a table's columns, as `readTable` takes them, and the texts of its first rows.
 *
 * @param most how many rows
 * @throws BitgradError naming file, line and column of what is wrong
 */
export async function beginningOf(
  source: TableSource,
  most: number,
): Promise<{ names: readonly string[]; sample: string[][] }> {
  const { names, trainCount } = await storeTable(
    { train: [source], test: [] },
    {},
    rulesOf({}),
    undefined,
  );
  const first: string[][] = [];
  let count = 0;
  await source.scan((cells) => {
    count += 1;
    if (first.length < MOST_ABOVE + most)
      first.push(Array.from(cells, (cell) => String(trimmed(cell) ?? '')));
  }, '.');
  const above = count - trainCount;
  return { names, sample: first.slice(above, above + most) };
}
