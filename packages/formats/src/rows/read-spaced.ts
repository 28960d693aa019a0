import { wordsOf } from '../csv/dialect.js';
import { textPieces } from '../csv/text-pieces.js';
import { widthError } from '../table/width-error.js';
import type { Reading } from './reading.js';

/** Reads words with white space between them. */
export async function readSpaced(
  head: Buffer,
  rest: AsyncIterator<Buffer>,
  { fileName, dialect, width, visit, pause }: Reading,
): Promise<void> {
  let left = '';
  let line = 1;
  let isFirst = true;
  const take = (text: string): void => {
    const words = wordsOf(text);
    // R names its rows, but not the column of these names.
    if (isFirst && words.length === width - 1) words.unshift('');
    const isRow = words.length > 0;
    if (isRow && words.length !== width) {
      throw widthError(`${fileName}: line ${line}`, width, words.length);
    }
    if (isRow) visit(words, line);
    if (isRow) isFirst = false;
    line += 1;
  };
  for await (const piece of textPieces(head, rest, fileName)) {
    const lines = (left + piece).split(dialect.newline);
    left = lines.pop()!;
    for (const one of lines) take(one);
    await pause?.();
  }
  take(left);
}
