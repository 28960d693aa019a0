import { BitgradError, trimmed } from '@bitgrad/core';
import type { Cell } from '../table/cell.js';
import { isTitle } from '../table/header.js';
import type { TableSource } from '../table/source.js';
import { FormatFinder } from './find-format.js';
import type { RowStream } from './row-stream.js';

/** Rows with texts that tell how numbers are written. */
const FORMAT_ROWS = 1000;
/** Ends a scan; what reads files takes other errors for damage. */
const ENOUGH = new BitgradError('enough rows');

type Cells = readonly (string | number | null)[];

/**
 * A table's source as rows that are read once.
 *
 * @param hasTexts whether its numbers may be texts
 */
export async function sourceRows(source: TableSource, hasTexts: boolean): Promise<RowStream> {
  const { fileName, unit, names: all, unread } = source;
  const names = all?.filter((name) => !unread?.has(name)) ?? null;
  const isWhole = names === null || names.length === all!.length;
  const readOf = (cells: readonly Cell[]): Cells =>
    (isWhole ? cells : cells.filter((_, at) => !unread!.has(all![at]!))) as Cells;
  let first: Cells = [];
  let titles = 0;
  if (names === null) {
    await source.scan((cells) => {
      if (first.length > 0) return;
      if (isTitle(cells.map(trimmed))) titles += 1;
      else first = [...cells];
    }, '.');
  }
  const findFormat: RowStream['findFormat'] = async (places, hasHeader, known) => {
    const titled = hasHeader && names === null ? titles + 1 : 0;
    const finder = new FormatFinder(source, names ?? first.map(String), places);
    let row = 0;
    let rowsOfTexts = 0;
    try {
      await source.scan((cells) => {
        row += 1;
        if (row <= titled) return;
        const own = readOf(cells);
        finder.add(own);
        if (places.some((place) => typeof own[place] === 'string')) rowsOfTexts += 1;
        if (rowsOfTexts === FORMAT_ROWS) throw ENOUGH;
      }, '.');
    } catch (error) {
      if (error !== ENOUGH) throw error;
    }
    return finder.find(source.usualDecimal?.(), known);
  };
  return {
    fileName,
    unit,
    names,
    ...(source.empty ? { empty: source.empty() } : {}),
    types: null,
    first: first.map((cell) => String(cell ?? '').trim()),
    usualDecimal: source.usualDecimal?.(),
    ...(hasTexts ? { findFormat } : {}),
    async read(_wanted, hasHeader, visit) {
      let skips = hasHeader && names === null ? titles + 1 : 0;
      await source.scan((cells, row) => {
        if (skips > 0) skips -= 1;
        else visit(readOf(cells), row);
      }, '.');
    },
  };
}
