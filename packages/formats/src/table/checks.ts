import { BitgradError, show } from '@bitgrad/core';
import type { Found } from './column-cells.js';
import type { ColumnStore } from './column-store.js';
import { placeOf, type TableSource } from './source.js';
import type { TableStore } from './table-store.js';

/** @throws BitgradError if a cell of the columns that are used holds no value */
export function checkComplete({ names, columns }: TableStore, used: readonly number[]): void {
  const lacking = used.filter((index) => columns[index]!.missing > 0);
  const [index] = lacking;
  if (index === undefined) return;
  const counts = lacking.map((one) => `${show(names[one]!)} ${columns[one]!.missing}`);
  const cells = lacking.reduce((sum, one) => sum + columns[one]!.missing, 0);
  let rows = 0;
  for (let row = 0; row < columns[index]!.length; row += 1) {
    rows += Number(lacking.some((one) => columns[one]!.isMissingAt(row)));
  }
  const found = columns[index]!.firstMissing!;
  throw new BitgradError(
    `${placeOfFound(found, names[index]!)}: expected a value in every cell, received ${showCell(found)}; ${countOf(cells, 'cell')} in ${countOf(rows, 'row')} ${cells === 1 ? 'holds' : 'hold'} none (${counts.slice(0, 6).join(', ')}${counts.length > 6 ? ', …' : ''})`,
    'Fill these cells, or remove their rows or columns.',
  );
}

/** @throws BitgradError if a column holds anything but numbers that binary32 can hold */
export function checkNumeric(column: ColumnStore, name: string, fix?: string): void {
  const { firstText, firstDate } = column;
  const found = firstText ?? firstDate;
  if (found !== null) {
    throw new BitgradError(
      `${placeOfFound(found, name)}: expected a number, received ${showCell(found)}`,
      fix,
    );
  }
  checkFinite(column, name);
}

/** @throws BitgradError if one of the columns that are used holds no cells but lists and the like */
export function checkRead(
  { fileName, unread }: Pick<TableSource, 'fileName' | 'unread'>,
  names: readonly string[],
  used: readonly number[],
): void {
  for (const index of used) {
    const name = names[index]!;
    const received = unread?.get(name);
    if (received === undefined) continue;
    throw new BitgradError(
      `${fileName}: column ${show(name)}: expected numbers, text, dates or true and false, received ${received}`,
      `Leave the column out (--drop ${name}).`,
    );
  }
}

/** @throws BitgradError if a numeric column holds a number that binary32 does not */
export function checkFinite({ firstInfinite }: ColumnStore, name: string): void {
  if (firstInfinite === null) return;
  throw new BitgradError(
    `${placeOfFound(firstInfinite, name)}: expected a number that binary32 can hold, received ${showCell(firstInfinite)}`,
  );
}

/** Where a cell stands, for errors. */
export function placeOfFound({ source, line }: Found, name: string): string {
  return placeOf(source, line, name);
}

/** A cell in an error. */
export function showCell({ cell }: Found): string {
  return cell === '' || cell === null ? 'an empty cell' : show(cell);
}

/** `1 row`, `3 rows`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
