import { type Decimal, show } from '@bitgrad/core';
import type { Cell } from './cell.js';

/** Called for each row, in order, with the line or row that it stands in, counted from 1. */
export type VisitRow = (cells: readonly Cell[], line: number) => void;

/** A table in a file, read from its beginning as often as asked, a row at a time. */
export interface TableSource {
  /** Named in errors. */
  readonly fileName: string;
  /** The columns' names, or null where the first row may hold them. */
  readonly names: readonly string[] | null;
  /** The decimal sign that goes with how the table is written, known once it was read. */
  readonly usualDecimal?: () => Decimal;
  /** Columns that only number the rows, as the file itself says. */
  readonly indexColumns?: readonly string[];
  /** What a place is counted in. */
  readonly unit: 'line' | 'row';
  /**
   * Reads the whole table. What `visit` throws ends the reading and comes out.
   *
   * @throws BitgradError if the file cannot be read or is damaged
   */
  scan(visit: VisitRow): Promise<void>;
}

/** A place for errors, as in `iris.csv: line 5, column "width"`. */
export function placeOf({ fileName, unit }: TableSource, line: number, column?: string): string {
  const place = `${fileName}: ${unit} ${line}`;
  return column === undefined ? place : `${place}, column ${show(column)}`;
}
