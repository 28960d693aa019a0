/** A cell of a table as its file has it: text, a number, or nothing. */
export type Cell = string | number | null;
