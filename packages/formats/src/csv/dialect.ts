/** How a text separates its cells and lines. */
export interface Dialect {
  readonly delimiter: string;
  readonly newline: '\n' | '\r';
}

const DELIMITERS = [',', ';', '\t', '|'];

/**
 * Finds out how a table is written from its beginning: the delimiter that its first line holds most
 * often outside of quotes; a comma where it holds none.
 */
export function findDialect(beginning: string): Dialect {
  const newline = beginning.includes('\n') || !beginning.includes('\r') ? '\n' : '\r';
  const lines = beginning.replace(/"(?:[^"]|"")*"/g, '').split(newline);
  const first = lines.find((line) => line.trim() !== '') ?? '';
  const counts = DELIMITERS.map((delimiter) => first.split(delimiter).length - 1);
  const delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))]!;
  return { delimiter, newline };
}
