import { BitgradError, show } from '@bitgrad/core';
import { rowsSource } from '../memory/rows-source.js';
import type { TableSource } from '../table/source.js';

/** A cell: in quotes of either kind, or up to the next comma. */
const CELL = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,]*))\s*(?:,|$)/y;
const ATTRIBUTE = /^@attribute\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+))\s+\S/i;

/**
 * Weka's ARFF (https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/): attributes, then
 * rows.
 *
 * @param name of the file, for errors
 * @throws BitgradError naming the line of what is none
 */
export function arffSource(text: string, name: string): TableSource {
  const names: string[] = [];
  const rows: Record<string, string | null>[] = [];
  let isData = false;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const place = `${name}: line ${index + 1}`;
    if (line === '' || line.startsWith('%')) continue;
    if (isData) {
      const cells = cellsOf(line, place);
      if (cells.length !== names.length) {
        throw new BitgradError(
          `${place}: expected ${names.length} cells, one an attribute, received ${cells.length}`,
        );
      }
      rows.push(Object.fromEntries(names.map((column, at) => [column, cells[at]!])));
    } else if (/^@data\b/i.test(line)) isData = true;
    else if (!/^@relation\b/i.test(line)) names.push(attributeOf(line, place));
  }
  if (rows.length === 0) {
    throw new BitgradError(`${name}: expected rows of values, received none`);
  }
  return rowsSource(rows, name);
}

function attributeOf(line: string, place: string): string {
  const found = ATTRIBUTE.exec(line);
  if (found === null) {
    throw new BitgradError(`${place}: expected @attribute NAME TYPE, received ${show(line)}`);
  }
  return withoutEscapes(found[1] ?? found[2] ?? found[3]!);
}

function cellsOf(line: string, place: string): (string | null)[] {
  if (line.startsWith('{')) {
    throw new BitgradError(
      `${place}: expected a row with all its cells, received a sparse one`,
      'Save the data with the filter SparseToNonSparse.',
    );
  }
  const cells: (string | null)[] = [];
  CELL.lastIndex = 0;
  while (CELL.lastIndex < line.length) {
    const found = CELL.exec(line);
    if (found === null) {
      throw new BitgradError(
        `${place}: expected quotes to close their cells, received ${show(line)}`,
      );
    }
    const [all, single, double, plain] = found;
    cells.push(plain === undefined ? withoutEscapes(single ?? double!) : plain.trim());
    if (CELL.lastIndex === line.length && all.endsWith(',')) cells.push('');
  }
  return cells;
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
