import type { Replacement } from '../files.js';

/** A cell of the table that comes out. */
export type Value = string | number | null;

/** Takes predictions, row by row, to where they go. */
export interface RowSink {
  /** @param values of the columns; only valid during the call */
  write(values: readonly Value[]): void;
  /** After the last row. */
  end(): void;
  /** Awaited now and then. */
  readonly drained?: (() => Promise<void>) | undefined;
}

/** Where bytes go. */
export interface Output extends Pick<Replacement, 'write'> {
  /** Resolves when what was written is out of memory, as far as it matters. */
  drained?(): Promise<void>;
}

/** How the rows are written. */
export const ROW_FORMATS = ['csv', 'jsonl', 'parquet'] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

/** Characters that are written at once. */
const PIECE = 65536;

/** CSV (RFC 4180, lines end as in Unix): a header, then a line a row. */
export function csvSink(names: readonly string[], output: Output): RowSink {
  return textSink(`${names.map(csvCell).join(',')}\n`, output, (values) => {
    let line = csvCell(values[0]!);
    for (let index = 1; index < values.length; index += 1) line += `,${csvCell(values[index]!)}`;
    return `${line}\n`;
  });
}

/** JSON Lines: an object a row. */
export function jsonLinesSink(names: readonly string[], output: Output): RowSink {
  const keys = names.map((name) => `${JSON.stringify(name)}:`);
  return textSink('', output, (values) => {
    const members = keys.map((key, index) => key + jsonValue(values[index]!));
    return `{${members.join(',')}}\n`;
  });
}

/** A text that is a number as JSON writes it is one, as an id out of a CSV file. */
function jsonValue(value: Value): string {
  const isNumber = typeof value === 'string' && value !== '' && String(Number(value)) === value;
  return isNumber && Number.isFinite(Number(value)) ? value : JSON.stringify(value);
}

function textSink(
  heading: string,
  output: Output,
  lineOf: (values: readonly Value[]) => string,
): RowSink {
  let text = heading;
  const flush = (): void => {
    if (text !== '') output.write(text);
    text = '';
  };
  return {
    write(values) {
      text += lineOf(values);
      if (text.length > PIECE) flush();
    },
    end: flush,
    drained: output.drained,
  };
}

function csvCell(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
