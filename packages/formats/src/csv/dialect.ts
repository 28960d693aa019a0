/** How a text separates its cells and lines. */
export interface Dialect {
  /** One character; a space stands for any white space. */
  readonly delimiter: string;
  readonly newline: '\n' | '\r';
  /** Whether lines that begin with `#` are no rows. */
  readonly hasComments: boolean;
}

const DELIMITERS = [',', ';', '\t', '|'];
/** Lines that are compared with one another. */
const COMPARED = 5;

/**
 * Finds out how a table is written from its beginning: the delimiter that its first line holds most
 * often outside of quotes; white space where it holds none and the lines fall into as many words; else
 * a comma. Lines with `#` before them are comments if each has a space after it, or other cells
 * than the first line without.
 */
export function findDialect(beginning: string): Dialect {
  const newline = beginning.includes('\n') || !beginning.includes('\r') ? '\n' : '\r';
  const lines = beginning
    .replace(/"(?:[^"]|"")*"/g, 'x')
    .split(newline)
    .filter((line) => line.trim() !== '');
  const rows = lines.filter((line) => !line.startsWith('#'));
  const marked = lines.filter((line) => line.startsWith('#'));
  const [first = marked[0] ?? ''] = rows;
  const counts = DELIMITERS.map((delimiter) => first.split(delimiter).length - 1);
  const most = Math.max(...counts);
  const delimiter = most === 0 && areWords(rows) ? ' ' : DELIMITERS[counts.indexOf(most)]!;
  const isComment = (line: string): boolean =>
    /^#(?:[\s#!]|$)/.test(line) || line.split(delimiter).length !== first.split(delimiter).length;
  return {
    delimiter,
    newline,
    hasComments: rows.length > 0 && marked.length > 0 && marked.every(isComment),
  };
}

/** Whether the first lines fall into equally many words, two at least; a header may lack that of row names. */
function areWords(lines: readonly string[]): boolean {
  const [first = 0, ...others] = lines.slice(0, COMPARED).map((line) => wordsOf(line).length);
  const [second = first] = others;
  return (
    second >= 2 &&
    (first === second || first === second - 1) &&
    others.every((count) => count === second)
  );
}

const WORD = /"(?:[^"]|"")*"|\S+/g;

/** The words of a line, without their quotes. */
export function wordsOf(line: string): string[] {
  return (line.match(WORD) ?? []).map((word) =>
    word.length > 1 && word.startsWith('"') && word.endsWith('"')
      ? word.slice(1, -1).replaceAll('""', '"')
      : word,
  );
}
