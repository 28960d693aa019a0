import type { Dialect } from '../csv/dialect.js';
import type { VisitCells } from './row-stream.js';

/** How the rows of a text are read. */
export interface Reading {
  readonly fileName: string;
  readonly dialect: Dialect;
  /** Cells of a row. */
  readonly width: number;
  readonly visit: VisitCells;
  readonly pause: (() => Promise<void>) | undefined;
}
