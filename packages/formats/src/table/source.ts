import { type Decimal, show } from '@bitgrad/core';
import type { Cell } from './cell.js';
import type { RowBlock } from './row-block.js';

/**
 * Called for each row, in order, with the line or row that it stands in, counted from 1. The cells are only
 * valid during the call.
 */
export type VisitRow = (cells: readonly Cell[], line: number) => void;

/** Called for some rows at once, which are only valid during the call. Their texts are not trimmed. */
export type VisitBlock = (block: RowBlock) => void;

/** A table in a file, read from its beginning as often as asked, a row at a time. */
export interface TableSource {
  /** Named in errors. */
  readonly fileName: string;
  /** The columns' names, or null where the first row may hold them. */
  readonly names: readonly string[] | null;
  /** The decimal sign that goes with how the table is written, if one does, known once it was read. */
  readonly usualDecimal?: () => Decimal | undefined;
  /** What people should know of how the table is written, known once it was read. */
  readonly notes?: () => readonly string[];
  /** Columns that only number the rows, as the file itself says. */
  readonly indexColumns?: readonly string[];
  /** Columns whose cells are categories even where they are numbers, as the file itself says. */
  readonly categories?: readonly string[];
  /** Columns that hold no cells but lists and the like, with what they hold; their cells are missing. */
  readonly unread?: ReadonlyMap<string, string>;
  /** Columns of JSON that hold null in every row: they may stand for objects. */
  readonly empty?: () => ReadonlySet<string>;
  /** What a place is counted in. */
  readonly unit: 'line' | 'row';
  /**
   * Reads the whole table. What `visit` throws ends the reading and comes out. A cell that is written
   * just as JavaScript writes its number may come as that number.
   *
   * @param decimal how numbers are written in the table's texts
   * @param visitBlock may be called for some rows instead of `visit` for each: a call a cell takes longer
   * @throws BitgradError if the file cannot be read or is damaged
   */
  scan(visit: VisitRow, decimal: Decimal, visitBlock?: VisitBlock): Promise<void>;
}

/** A place for errors, as in `iris.csv: line 5, column "width"`. */
export function placeOf({ fileName, unit }: TableSource, line: number, column?: string): string {
  const place = `${fileName}: ${unit} ${line}`;
  return column === undefined ? place : `${place}, column ${show(column)}`;
}
