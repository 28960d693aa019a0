/** How a text separates its cells and lines. */
export interface Dialect {
  /** One character; a space stands for any white space. */
  readonly delimiter: string;
  readonly newline: '\n' | '\r';
  /** Whether lines that begin with `#` are no rows, and what follows `#` between white space is none either. */
  readonly hasComments: boolean;
  /** The line, counted from 1, with `#` before it that holds the columns' names; 0 for none. */
  readonly namesLine: number;
  /** Whether white space stands before quotes that open a cell, as in `1, "a, b"`. */
  readonly hasSpacedQuotes: boolean;
  /** Whether the first line only says the delimiter, as in Excel's `sep=;`. */
  readonly isSeparatorFirst: boolean;
}

const DELIMITERS = [',', ';', '\t', '|'];
/** Lines that are compared with one another. */
const COMPARED = 5;

/** How Excel is told the delimiter. */
const SEPARATOR = /^"?sep=([^"])"?\s*$/i;

/**
 * Finds out how a table is written from its beginning: the delimiter that its first line holds most
 * often outside of quotes, commas between digits aside where it holds another; white space where it
 * holds none, or tabs that do not make as many cells of each line, and the lines fall into as many
 * words; else a comma. Lines with `#` before them are comments if each has a space after it, or other cells
 * than the first line without. The last of them before rows of values holds the columns' names (as
 * `numpy.savetxt` writes them) if it has as many cells, and none is a number.
 */
export function findDialect(beginning: string): Dialect {
  const newline = beginning.includes('\n') || !beginning.includes('\r') ? '\n' : '\r';
  const [top = ''] = beginning.split(newline, 1);
  const said = SEPARATOR.exec(top)?.[1];
  const text = said === undefined ? beginning : beginning.slice(top.length);
  const lines = text.replace(/"(?:[^"]|"")*"/g, 'x').split(newline);
  const isFilled = (line: string): boolean => line.trim() !== '';
  const isMarked = (line: string): boolean => line.startsWith('#');
  const rows = lines.filter((line) => isFilled(line) && !isMarked(line));
  const marked = lines.filter(isMarked);
  const [first = marked[0] ?? ''] = rows;
  const held = DELIMITERS.map((delimiter) => first.split(delimiter).length - 1);
  const counts =
    haveDecimalCommas(rows) && held.slice(1).some(Boolean) ? [0, ...held.slice(1)] : held;
  const most = Math.max(...counts);
  const usual = DELIMITERS[counts.indexOf(most)]!;
  const isSpaced = most === 0 || (usual === '\t' && !areEqual(rows, usual));
  const delimiter = said ?? (isSpaced && areWords(rows) ? ' ' : usual);
  const cellsOf = (line: string): string[] =>
    delimiter === ' ' ? wordsOf(line) : line.split(delimiter).map((cell) => cell.trim());
  const width = cellsOf(first).length;
  const isComment = (line: string): boolean =>
    /^#(?:[\s#!]|$)/.test(line) || cellsOf(line).length !== width;
  const hasComments = rows.length > 0 && marked.length > 0 && marked.every(isComment);
  const firstAt = lines.findIndex((line) => isFilled(line) && !isMarked(line));
  const nameAt = hasComments ? lines.slice(0, firstAt).map(isMarked).lastIndexOf(true) : -1;
  const names = nameAt < 0 ? [] : cellsOf(lines[nameAt]!.replace(/#+\s*/, ''));
  const areNames = names.length === width && names.every((name) => name !== '' && !isNumber(name));
  return {
    delimiter,
    newline,
    hasComments,
    namesLine: areNames && cellsOf(first).some(isNumber) ? nameAt + 1 : 0,
    isSeparatorFirst: said !== undefined,
    hasSpacedQuotes: delimiter === ',' && /^[ \t]+"|,[ \t]+"/m.test(text),
  };
}

/** A comma that does not stand between digits, or is followed by one more, but as those of `1,234,567` are. */
const SEPARATING_COMMA = /(?<!\d),|,(?!\d)|,(?!\d{3},)\d+,/;

/** Whether each comma of the first lines stands within a number, as in `1,5;2,5`, but not `1,2,3|4,0`. */
function haveDecimalCommas(lines: readonly string[]): boolean {
  return !lines.slice(0, COMPARED).some((line) => SEPARATING_COMMA.test(line));
}

function isNumber(cell: string): boolean {
  return cell !== '' && !Number.isNaN(Number(cell));
}

/** Whether the first lines fall into equally many cells. */
function areEqual(lines: readonly string[], delimiter: string): boolean {
  return new Set(lines.slice(0, COMPARED).map((line) => line.split(delimiter).length)).size <= 1;
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
