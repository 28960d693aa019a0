import { BitgradError, inSentence, isMissing, numberIn, show, TABLE_RULES } from '@bitgrad/core';
import { listNames } from '../classes.js';
import { rowsSource } from '../memory/rows-source.js';
import type { TableSource } from '../table/source.js';
import { javaDates } from './java-date.js';

/**
 * A cell, which any text begins with: in quotes of either kind, or up to the next comma; `%` after white space begins
 * a comment.
 */
const CELL =
  /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|((?:[^\s,%]%+|[^,%])*))\s*(?:,|$|%[\s\S]*$)/y;
/** A cell of a sparse row, as in `{1 2.5, 3 'red'}`: its attribute, counted from 0, before it. */
const SPARSE = /\s*(\d+)\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^'",}][^,}]*))\s*([,}]|$)/y;
const ATTRIBUTE =
  /^@attribute\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s{'"]\S*?))(?:\s+|(?=\{))(\S.*)$/i;
const NUMERIC = /^(?:numeric|real|integer)\b/i;
const DATE = /^date\s+(?:'([^']+)'|"([^"]+)"|(\S+))/i;
/** What KEEL's files have beside: which attributes are given and which are learnt, and cells without a value. */
const ROLES = /^@(?:inputs?|outputs?)\b/i;
const NULL = '<null>';
/** A cell of a row without commas. */
const WORD = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+)/g;
/** How much a row counts, in brackets behind it. */
const WEIGHT = /^\{.*\}$/;
/** The most cells of sparse rows, all of which are in memory: a row of three letters may have a million. */
const MOST_SPARSE = 2 ** 25;

interface Attribute {
  readonly name: string;
  /** What a sparse row means by leaving it out; null where it means nothing. */
  readonly usual: string | null;
  readonly isNumeric: boolean;
  /** The texts that a nominal one lists, and the numbers that some of them are; else null. */
  readonly listed: ReadonlySet<string | number> | null;
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
  const names = new Set<string>();
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
        : rowCells(line, attributes.length, place);
      if (cells.length === attributes.length + 1 && WEIGHT.test(cells.at(-1) ?? '')) {
        throw weighted(place, cells.at(-1)!);
      }
      if (cells.length !== attributes.length) {
        throw new BitgradError(
          `${place}: expected ${attributes.length} cells, one an attribute, received ${cells.length}`,
        );
      }
      rows.push(
        Object.fromEntries(attributes.map((one, at) => [one.name, cellOf(one, cells[at]!, place)])),
      );
    } else if (/^@data\b/i.test(line)) isData = true;
    else if (!/^@relation\b/i.test(line) && !ROLES.test(line)) {
      const attribute = attributeOf(line, place);
      if (names.has(attribute.name)) {
        throw new BitgradError(
          `${place}: expected each attribute once, received ${show(attribute.name)} again`,
        );
      }
      names.add(attribute.name);
      attributes.push(attribute);
    }
  }
  if (rows.length === 0) {
    throw new BitgradError(`${name}: expected rows of values, received none`);
  }
  const categories = attributes.filter(({ listed }) => listed).map((one) => one.name);
  return { ...rowsSource(rows, name), categories, notes: () => missingNotes(attributes) };
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

/** Texts that a list has, and that are missing values in every table. */
function missingNotes(attributes: readonly Attribute[]): string[] {
  return attributes.flatMap(({ name, listed }) => {
    const found = textsOf(listed ?? new Set()).filter((text) => isMissing(text, TABLE_RULES));
    if (found.length === 0) return [];
    return [`${inSentence(name)} lists ${listNames(found)}, read as missing`];
  });
}

/** @throws BitgradError if a cell is none that its attribute may have */
function cellOf(
  { name, isNumeric, listed, dateOf }: Attribute,
  cell: string | null,
  place: string,
): string | null {
  if (cell === null || cell === NULL || isMissing(cell, TABLE_RULES)) return null;
  if (isNumeric && Number.isNaN(numberIn(cell, TABLE_RULES, '.'))) {
    throw new BitgradError(
      `${place}: attribute ${show(name)}: expected a number, received ${show(cell)}`,
    );
  }
  // Numbers may be written otherwise than they are listed.
  if (listed && !listed.has(cell) && !listed.has(numberIn(cell, TABLE_RULES, '.'))) {
    throw new BitgradError(
      `${place}: attribute ${show(name)}: expected one of ${listNames(textsOf(listed))}, which it lists, received ${show(cell)}`,
    );
  }
  return dateOf === null ? cell : dateOf(cell);
}

function attributeOf(line: string, place: string): Attribute {
  const found = ATTRIBUTE.exec(line);
  if (found === null) {
    throw new BitgradError(`${place}: expected @attribute NAME TYPE, received ${show(line)}`);
  }
  const type = found[4]!;
  if (/^relational\b/i.test(type)) {
    throw new BitgradError(
      `${place}: expected numbers, texts, dates or a list of texts, received a relational attribute, whose values are tables`,
      'Write a row for each row of these tables, or leave the attribute out.',
    );
  }
  const isNominal = type.startsWith('{');
  const isNumeric = NUMERIC.test(type);
  const [, single, double, plain] = DATE.exec(type) ?? [];
  const pattern = single ?? double ?? plain;
  const listed = isNominal ? cellsOf(type.slice(1, type.lastIndexOf('}')), place) : null;
  return {
    name: withoutEscapes(found[1] ?? found[2] ?? found[3]!),
    usual: isNumeric ? '0' : (listed?.[0] ?? null),
    isNumeric,
    listed: listed && withNumbers(listed as string[]),
    dateOf: pattern === undefined ? null : javaDates(pattern),
  };
}

function withNumbers(texts: readonly string[]): Set<string | number> {
  const numbers = texts.map((text) => numberIn(text, TABLE_RULES, '.'));
  return new Set([...texts, ...numbers.filter((number) => !Number.isNaN(number))]);
}

function textsOf(listed: ReadonlySet<string | number>): string[] {
  return [...listed].filter((one) => typeof one === 'string');
}

/** A row's cells: with commas between, or white space where there are none. */
function rowCells(line: string, count: number, place: string): (string | null)[] {
  if (line.includes(',') || count === 1) return cellsOf(line, place);
  const words = [...line.matchAll(WORD)].map(
    ([, single, double, plain]) => plain ?? withoutEscapes(single ?? double!),
  );
  return words.length === count ? words : cellsOf(line, place);
}

function cellsOf(line: string, place: string): (string | null)[] {
  const cells: (string | null)[] = [];
  CELL.lastIndex = 0;
  while (CELL.lastIndex < line.length) {
    const [all, single, double, plain] = CELL.exec(line)!;
    if (/^['"]/.test(plain ?? '')) throw openQuote(line, place);
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
    if (given.has(Number(at))) {
      throw new BitgradError(`${place}: expected each attribute once, received ${at} again`);
    }
    cells[Number(at)] = plain?.trimEnd() ?? withoutEscapes(single ?? double!);
    given.add(Number(at));
    if (end === '}') break;
  }
  const rest = line.slice(SPARSE.lastIndex).replace(/^\s*\}?\s*,?\s*(?:%.*)?/, '');
  if (rest !== '') throw weighted(place, rest);
  const lacking = attributes.find(({ usual }, at) => usual === null && !given.has(at));
  if (lacking === undefined) return cells;
  throw new BitgradError(
    `${place}: expected a value of ${show(lacking.name)}, received a sparse row without it`,
    'Only numbers, which are 0 then, and texts from a list may be left out.',
  );
}

function weighted(place: string, received: string): BitgradError {
  return new BitgradError(
    `${place}: expected a row's cells, received ${show(received)} behind them`,
    'How much a row counts is not read: leave it out.',
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
