import { BitgradError } from '@bitgrad/core';

/** What Papa Parse is given at a time, in bytes. */
const PIECE = 2 ** 16;

/** Pieces of text, large enough each. */
export async function* textPieces(
  left: Buffer,
  rest: AsyncIterator<Buffer>,
  fileName: string,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  const decode = (bytes?: Uint8Array): string => {
    const text = decoder.decode(bytes, { stream: bytes !== undefined });
    if (!text.includes('\0')) return text;
    throw new BitgradError(
      `${fileName}: expected text, received a zero byte`,
      'Save the file as UTF-8.',
    );
  };
  function* decodeInPieces(bytes: Buffer): Generator<string> {
    for (let at = 0; at < bytes.length; at += PIECE) yield decode(bytes.subarray(at, at + PIECE));
  }
  // The reader of rows takes many pieces without a whole row for a quote that is never closed.
  let waiting: Uint8Array[] = [left];
  let length = left.length;
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    waiting.push(Buffer.from(next.value));
    length += next.value.length;
    if (length < PIECE) continue;
    yield* decodeInPieces(Buffer.concat(waiting));
    waiting = [];
    length = 0;
  }
  yield* decodeInPieces(Buffer.concat(waiting));
  yield decode();
}
