import { Readable } from 'node:stream';
import Papa from 'papaparse';
import type { TableSource, VisitRow } from '../table/source.js';
import { findDialect } from './dialect.js';
import { RowReader } from './row-reader.js';
import { readText } from './text.js';

/** A CSV file, plain or gzipped. */
export function csvSource(path: string, isPacked: boolean): TableSource {
  let delimiter = ',';
  return {
    fileName: path,
    names: null,
    unit: 'line',
    usualDecimal: () => (delimiter === ';' ? ',' : '.'),
    scan: async (visit) => {
      delimiter = await scanCsv(path, isPacked, visit);
    },
  };
}

async function scanCsv(path: string, isPacked: boolean, visit: VisitRow): Promise<string> {
  const text = readText(path, isPacked);
  const first = await text.next();
  const beginning = first.done ? '' : first.value;
  const dialect = findDialect(beginning);
  const rows = new RowReader(path, dialect, visit);
  const stream = Readable.from(prepend(beginning, text));
  await new Promise<void>((resolve, reject) => {
    Papa.parse<string[]>(stream, {
      ...dialect,
      chunk: (results, parser) => {
        try {
          rows.take(results);
        } catch (error) {
          reject(error);
          parser.abort();
          stream.destroy();
        }
      },
      complete: () => resolve(),
      error: reject,
    });
  });
  return dialect.delimiter;
}

async function* prepend(beginning: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield beginning;
  yield* rest;
}
