import { trimmed } from '@bitgrad/core';
import { isTitle } from '../table/header.js';
import type { TableSource } from '../table/source.js';
import type { RowStream } from './row-stream.js';

type Cells = readonly (string | number | null)[];

/** A table's source as rows that are read once. */
export async function sourceRows(source: TableSource): Promise<RowStream> {
  const { fileName, unit, names: all, unread } = source;
  const names = all?.filter((name) => !unread?.has(name)) ?? null;
  const isWhole = names === null || names.length === all!.length;
  let first: Cells = [];
  let titles = 0;
  if (names === null) {
    await source.scan((cells) => {
      if (first.length > 0) return;
      if (isTitle(cells.map(trimmed), { rules: 2, decimal: '.' })) titles += 1;
      else first = [...cells];
    }, '.');
  }
  return {
    fileName,
    unit,
    names,
    types: null,
    first: first.map((cell) => String(cell ?? '').trim()),
    async read(_wanted, hasHeader, visit) {
      let skips = hasHeader && names === null ? titles + 1 : 0;
      await source.scan((cells, row) => {
        if (skips > 0) skips -= 1;
        else visit(isWhole ? cells : cells.filter((_, at) => !unread!.has(all![at]!)), row);
      }, '.');
    },
  };
}
