import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import {
  checkLatin1,
  holdsControls,
  noText,
  SNIFFED,
  twoEncodings,
  utf16Of,
  windowsText,
} from './encoding.js';

/** The longest UTF-8 sequence, less its first byte. */
const LONGEST_REST = 3;

/**
 * Makes UTF-8 of a text's bytes, without a byte order mark: UTF-16 is known by its mark or by its zeros,
 * Latin-1 (windows-1252) by the first bytes that are no UTF-8, if all before them are ASCII: what comes first decides for
 * the whole text, however it is cut into pieces.
 *
 * @param say called with a text's encoding where it is not UTF-8
 * @throws BitgradError if bytes are no text
 */
export async function* utf8Pieces(
  pieces: AsyncIterable<Uint8Array>,
  fileName: string,
  say: (encoding: string) => void,
): AsyncGenerator<Buffer> {
  let decoded: ((bytes: Uint8Array) => string) | null = null;
  let isFirst = true;
  let isPlain = true;
  let rest: Buffer = Buffer.alloc(0);
  for await (const next of pieces) {
    let piece = Buffer.from(next.buffer, next.byteOffset, next.length);
    if (rest.length > 0) piece = Buffer.concat([rest, piece]);
    rest = Buffer.alloc(0);
    if (isFirst) {
      if (piece.length < 4 && piece.length > 0) {
        rest = piece;
        continue;
      }
      isFirst = false;
      const encoding = utf16Of(piece);
      if (encoding !== null) {
        say(encoding.toUpperCase());
        const wide = new TextDecoder(encoding, { fatal: true });
        decoded = (bytes) => wide.decode(bytes, { stream: true });
      } else if (piece.subarray(0, 3).equals(MARK)) piece = piece.subarray(3);
    }
    if (decoded === null) {
      const whole = piece.length - openSequence(piece);
      const text = piece.subarray(0, whole);
      if (isUtf8(text)) {
        isPlain &&= isAscii(text);
        rest = piece.subarray(whole);
        yield text;
        continue;
      }
      if (!isPlain) throw twoEncodings(fileName);
      checkLatin1(piece, fileName);
      say('Latin-1 (windows-1252)');
      decoded = windowsText;
    } else if (decoded === windowsText && holdsControls(piece)) throw noText(fileName);
    yield decode(decoded, piece, fileName);
  }
  if (rest.length === 0) return;
  const encoding = isFirst ? utf16Of(rest) : null;
  if (encoding !== null)
    yield Buffer.from(new TextDecoder(encoding).decode(rest, { stream: true }));
  else if (isUtf8(rest)) yield rest;
  else if (!isPlain) throw twoEncodings(fileName);
  else {
    checkLatin1(rest, fileName);
    say('Latin-1 (windows-1252)');
    yield Buffer.from(windowsText(rest));
  }
}

const MARK = Buffer.from('\ufeff');

function decode(decoded: (bytes: Uint8Array) => string, bytes: Buffer, fileName: string): Buffer {
  try {
    return Buffer.from(decoded(bytes));
  } catch {
    throw noText(fileName);
  }
}

/** How a text begins, without a byte order mark: a character a byte, but in UTF-16. */
export function textBeginning(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SNIFFED));
  const encoding = utf16Of(head);
  if (encoding !== null) return new TextDecoder(encoding).decode(head);
  return (head.subarray(0, MARK.length).equals(MARK) ? head.subarray(MARK.length) : head).toString(
    'latin1',
  );
}

/** How many bytes at the end begin a sequence that is not whole. */
function openSequence(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(LONGEST_REST, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? back : 0;
  }
  return 0;
}
