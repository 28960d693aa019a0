import { BitgradError, show } from '@bitgrad/core';
import { rowsSource } from '../memory/rows-source.js';
import type { TableSource } from '../table/source.js';
import { javaDates } from './java-date.js';

/** A cell: in quotes of either kind, or up to the next comma; `%` after white space begins a comment. */
const CELL = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|((?:[^,%]|\S%)*))\s*(?:,|$|%[\s\S]*$)/y;
/** A cell of a sparse row, as in `{1 2.5, 3 'red'}`: its attribute, counted from 0, before it. */
const SPARSE = /\s*(\d+)\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^'",}][^,}]*))\s*([,}]|$)/y;
const ATTRIBUTE =
  /^@attribute\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s{]\S*?))(?:\s+|(?=\{))(\S.*)$/i;
const NUMERIC = /^(?:numeric|real|integer)\b/i;
const DATE = /^date\s+(?:'([^']+)'|"([^"]+)"|(\S+))/i;
/** What KEEL's files have beside: which attributes are given and which are learnt, and cells without a value. */
const ROLES = /^@(?:inputs?|outputs?)\b/i;
const NULL = '<null>';
/** The most cells of sparse rows, all of which are in memory: a row of three letters may have a million. */
const MOST_SPARSE = 2 ** 25;

interface Attribute {
  readonly name: string;
  /** What a sparse row means by leaving it out; null where it means nothing. */
  readonly usual: string | null;
  readonly isNominal: boolean;
  /** Of dates that are written by a pattern: makes them such as are read everywhere. */
  readonly dateOf: ((text: string) => string) | null;
}

/**
 * Weka's ARFF, and KEEL's files, which are much like it (https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/): attributes, then
 * rows, which may be sparse.
 *
 * @param name of the file, for errors
 * @throws BitgradError naming the line of what is none
 */
export function arffSource(text: string, name: string): TableSource {
  const attributes: Attribute[] = [];
  const rows: Record<string, string | null>[] = [];
  let isData = false;
  const lines = text.split('\n');
  checkSparse(lines, name);
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    const place = `${name}: line ${index + 1}`;
    if (line === '' || line.startsWith('%')) continue;
    if (isData) {
      const cells = line.startsWith('{')
        ? sparseCells(line, attributes, place)
        : cellsOf(line, place);
      if (cells.length !== attributes.length) {
        throw new BitgradError(
          `${place}: expected ${attributes.length} cells, one an attribute, received ${cells.length}`,
        );
      }
      rows.push(
        Object.fromEntries(attributes.map((one, at) => [one.name, cellOf(one, cells[at]!)])),
      );
    } else if (/^@data\b/i.test(line)) isData = true;
    else if (!/^@relation\b/i.test(line) && !ROLES.test(line))
      attributes.push(attributeOf(line, place));
  }
  if (rows.length === 0) {
    throw new BitgradError(`${name}: expected rows of values, received none`);
  }
  const categories = attributes.filter((one) => one.isNominal).map((one) => one.name);
  return { ...rowsSource(rows, name), categories };
}

/** @throws BitgradError if sparse rows have more cells than are read */
function checkSparse(lines: readonly string[], name: string): void {
  const attributes = lines.filter((line) => /^\s*@attribute\b/i.test(line)).length;
  const rows = lines.filter((line) => /^\s*\{/.test(line)).length;
  if (rows * attributes <= MOST_SPARSE) return;
  throw new BitgradError(
    `${name}: expected sparse rows of at most ${MOST_SPARSE} cells in all, those left out too, received ${rows} rows of ${attributes} attributes`,
    'Leave out attributes, or give a part of the rows.',
  );
}

function cellOf({ dateOf }: Attribute, cell: string | null): string | null {
  if (cell === null || cell === NULL) return null;
  return dateOf === null ? cell : dateOf(cell);
}

function attributeOf(line: string, place: string): Attribute {
  const found = ATTRIBUTE.exec(line);
  if (found === null) {
    throw new BitgradError(`${place}: expected @attribute NAME TYPE, received ${show(line)}`);
  }
  const type = found[4]!;
  const isNominal = type.startsWith('{');
  const [, single, double, plain] = DATE.exec(type) ?? [];
  const pattern = single ?? double ?? plain;
  const [first = null] = isNominal ? cellsOf(type.slice(1, type.lastIndexOf('}')), place) : [];
  return {
    name: withoutEscapes(found[1] ?? found[2] ?? found[3]!),
    usual: NUMERIC.test(type) ? '0' : first,
    isNominal,
    dateOf: pattern === undefined ? null : javaDates(pattern),
  };
}

function cellsOf(line: string, place: string): (string | null)[] {
  const cells: (string | null)[] = [];
  CELL.lastIndex = 0;
  while (CELL.lastIndex < line.length) {
    const found = CELL.exec(line);
    if (found === null) throw openQuote(line, place);
    const [all, single, double, plain] = found;
    cells.push(plain === undefined ? withoutEscapes(single ?? double!) : plain.trim());
    if (CELL.lastIndex === line.length && all.endsWith(',')) cells.push('');
  }
  return cells;
}

/** In a sparse row stands what is neither 0 nor an attribute's first text. */
function sparseCells(
  line: string,
  attributes: readonly Attribute[],
  place: string,
): (string | null)[] {
  const cells = attributes.map(({ usual }) => usual);
  const given = new Set<number>();
  SPARSE.lastIndex = 1;
  while (!/^\s*\}/.test(line.slice(SPARSE.lastIndex))) {
    const found = SPARSE.exec(line);
    if (found === null) throw openQuote(line, place);
    const [, at, single, double, plain, end] = found;
    if (attributes[Number(at)] === undefined) {
      throw new BitgradError(
        `${place}: expected an attribute from 0 to ${attributes.length - 1}, received ${at}`,
      );
    }
    cells[Number(at)] = plain?.trimEnd() ?? withoutEscapes(single ?? double!);
    given.add(Number(at));
    if (end === '}') break;
  }
  const lacking = attributes.find(({ usual }, at) => usual === null && !given.has(at));
  if (lacking === undefined) return cells;
  throw new BitgradError(
    `${place}: expected a value of ${show(lacking.name)}, received a sparse row without it`,
    'Only numbers, which are 0 then, and texts from a list may be left out.',
  );
}

function openQuote(line: string, place: string): BitgradError {
  return new BitgradError(
    `${place}: expected quotes and brackets to close their cells, received ${show(line)}`,
  );
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
