import type { Decimal } from '@bitgrad/core';
import type { NumberFormat } from '../table/number-format.js';

/**
 * What becomes of a column's cells: a number where it is one (else its text); its text; or nothing.
 */
export type Wanted = 'number' | 'text' | 'skip';

/**
 * Called for each row, in order, with the line or row that it stands in, counted from 1. The cells are only
 * valid during the call; those that are not wanted are anything.
 */
export type VisitCells = (cells: readonly (string | number | null)[], line: number) => void;

/** A table that is read once, from its beginning, in bounded memory. */
export interface RowStream {
  /** Named in errors. */
  readonly fileName: string;
  /** What a place is counted in. */
  readonly unit: 'line' | 'row';
  /** The columns' names, or null where the first row may hold them. */
  readonly names: readonly string[] | null;
  /** Columns of JSON that hold null in every row: they may stand for objects. */
  readonly empty?: ReadonlySet<string>;
  /** What the columns hold, where that is known before they are read. */
  readonly types: readonly ('number' | 'text')[] | null;
  /** The first row, where it may hold the names. */
  readonly first: readonly string[];
  /** The decimal sign that goes with how the table is written, if one does. */
  readonly usualDecimal?: Decimal | undefined;
  /**
   * How the numbers of these columns are written, as far as the table's beginning says; null where it
   * does not. Left out where numbers are no texts.
   *
   * @param known the decimal of the model that asks
   */
  findFormat?(
    places: readonly number[],
    hasHeader: boolean,
    known: Decimal | undefined,
  ): Promise<NumberFormat | null>;
  /**
   * Reads the table, once.
   *
   * @param wanted of each column
   * @param hasHeader whether the first row holds the names
   * @param pause awaited now and then, so that whoever takes what comes out can keep up
   * @throws BitgradError if it cannot be read or is damaged, and what `visit` throws
   */
  read(
    wanted: readonly Wanted[],
    hasHeader: boolean,
    visit: VisitCells,
    pause?: () => Promise<void>,
  ): Promise<void>;
}
