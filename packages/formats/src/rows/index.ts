export { pointIn } from '../table/number-forms.js';
export { numberAt, place } from './number-at.js';
export { openRows, withRows } from './open-rows.js';
export type { RowStream, VisitCells, Wanted } from './row-stream.js';
