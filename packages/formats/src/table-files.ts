// What reads files that are tables, as most are: loaded at once, since each module that is loaded by itself takes longer.
export { kindOfFile } from './kind.js';
export { openTable } from './sources/open.js';
export { readTable } from './table/read-table.js';
