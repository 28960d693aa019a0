import { sha256 as sha256InJavaScript } from '@noble/hashes/sha2.js';
import { BYTES_A_PIECE, ownTurn, stretches } from '../turns.js';

/**
 * SHA-256 (FIPS 180-4) of some bytes, as 64 lowercase hexadecimal digits; by WebCrypto, or in
 * JavaScript where a page is not served securely and has none.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  const digest =
    subtle === undefined
      ? sha256InJavaScript(bytes)
      : new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return hexadecimal(digest);
}

/** Above this, in bytes, a copy of the message in one piece would cost more than WebCrypto saves. */
const LARGEST_JOINED = 0x4000000;

/** Takes a message in pieces, and gives its SHA-256. */
export interface Hasher {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

let makeHasher: (() => Hasher) | null = null;

/**
 * Names what reads large messages from now on instead of WebCrypto and JavaScript, where an engine has something
 * faster that takes them in pieces: `() => createHash('sha256')` of `node:crypto`.
 */
export function useHasher(make: () => Hasher): void {
  makeHasher = make;
}

/** SHA-256 of some bytes one part after the other. They must not change meanwhile. */
export function sha256OfParts(parts: readonly Uint8Array[]): Promise<string> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return sha256OfPieces(length, piecesOf(parts));
}

function* piecesOf(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const part of parts) {
    for (const [begin, end] of stretches(part.length, BYTES_A_PIECE))
      yield part.subarray(begin, end);
  }
}

/**
 * SHA-256 of a message in pieces of at most `BYTES_A_PIECE`, between which the event loop turns. WebCrypto takes
 * only whole messages, of which it makes a copy of its own; large ones are therefore read piece by piece, by
 * `useHasher` or in JavaScript.
 *
 * @param length of all pieces
 * @param pieces each is read before the next one is asked for, which may lie in the same memory
 */
export async function sha256OfPieces(
  length: number,
  pieces: Iterable<Uint8Array>,
): Promise<string> {
  const isShort = length <= BYTES_A_PIECE;
  if (makeHasher !== null || length > LARGEST_JOINED) {
    const hash = makeHasher?.() ?? sha256InJavaScript.create();
    for (const piece of pieces) {
      if (!isShort) await ownTurn();
      hash.update(piece);
    }
    return hexadecimal(hash.digest());
  }
  const all = new Uint8Array(length);
  let next = 0;
  for (const piece of pieces) {
    if (!isShort) await ownTurn();
    all.set(piece, next);
    next += piece.length;
  }
  return sha256(all);
}

function hexadecimal(digest: Uint8Array): string {
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** SHA-256 of a text's UTF-8 bytes. */
export function sha256OfText(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text));
}
