import { Readable } from 'node:stream';
import { loadPapa } from '../csv/papa.js';
import { RowReader } from '../csv/row-reader.js';
import { textPieces } from '../csv/text-pieces.js';
import { widthError } from '../table/width-error.js';
import type { Reading } from './reading.js';

/** Reads on from the beginning of a line with Papa Parse. */
export async function readQuoted(
  left: Buffer,
  rest: AsyncIterator<Buffer>,
  line: number,
  { fileName, dialect, width, visit, pause }: Reading,
): Promise<void> {
  const reader = new RowReader(
    fileName,
    dialect,
    (cells, at) => {
      if (cells.length !== width) {
        throw widthError(`${fileName}: line ${at}`, width, cells.length);
      }
      visit(cells as readonly string[], at);
    },
    line,
  );
  const stream = Readable.from(textPieces(left, rest, fileName));
  const Papa = await loadPapa();
  await new Promise<void>((resolve, reject) => {
    Papa.parse<string[]>(stream, {
      delimiter: dialect.delimiter,
      newline: dialect.newline,
      chunk: (results, parser) => {
        try {
          reader.take(results);
          if (pause === undefined) return;
          parser.pause();
          pause().then(() => parser.resume(), fail);
        } catch (error) {
          fail(error);
        }
        function fail(error: unknown): void {
          reject(error);
          parser.abort();
          stream.destroy();
        }
      },
      complete: () => resolve(),
      error: reject,
    });
  });
}
