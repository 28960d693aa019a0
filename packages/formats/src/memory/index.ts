export { LOAD_OPTIONS } from '../check-options.js';
export type { LoadOptions } from '../options.js';
export { jsonSource } from '../sources/json.js';
export { readTable } from '../table/read-table.js';
export type { TableSource } from '../table/source.js';
export { beginningOf } from './beginning.js';
export { type Row, rowsSource } from './rows-source.js';
export { textOf } from './text-of.js';
export { textSource } from './text-source.js';
