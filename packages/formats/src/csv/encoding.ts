import { BitgradError } from '@bitgrad/core';

/** How much of a text's beginning is looked at: of UTF-16 without a mark, every other byte of Latin letters is 0. */
export const SNIFFED = 4096;
const ZEROS = 0.4;

/** Which UTF-16 a text is in, by its mark or by its zeros; null for none. */
export function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const pairs = Math.floor(Math.min(bytes.length, SNIFFED) / 2);
  let [even, odd] = [0, 0];
  for (let at = 0; at < pairs; at += 1) {
    even += Number(bytes[2 * at] === 0);
    odd += Number(bytes[2 * at + 1] === 0);
  }
  if (odd > ZEROS * pairs && even === 0) return 'utf-16le';
  return even > ZEROS * pairs && odd === 0 ? 'utf-16be' : null;
}

/** Whether there are bytes that no text of Latin-1 holds. */
export function holdsControls(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte < 9 || (byte > 13 && byte < 32)) return true;
  return false;
}

/**
 * Checks that a text that is no UTF-8 is Latin-1: its first byte beyond ASCII, which decides for all of it, begins no letter of
 * UTF-8, and no controls come from there on.
 *
 * @throws BitgradError if it is not
 */
export function checkLatin1(bytes: Uint8Array, fileName: string): void {
  const first = bytes.findIndex((byte) => byte > 0x7f);
  if (beginsLetter(bytes.subarray(first, first + 4))) throw twoEncodings(fileName);
  if (holdsControls(bytes.subarray(first))) throw noText(fileName);
}

/** Whether there is a letter of UTF-8 beyond ASCII, of two to four bytes. */
function beginsLetter(bytes: Uint8Array): boolean {
  const length = bytes[0]! < 0xe0 ? 2 : bytes[0]! < 0xf0 ? 3 : 4;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length)) !== '';
  } catch {
    return false;
  }
}

/** What windows-1252 has from 0x80 to 0x9f (WHATWG Encoding, index-windows-1252), where Latin-1 has controls. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const PIECE = 2 ** 13;

/** A text of windows-1252: some versions of Node decode it as Latin-1 (nodejs/node#56542). */
export function windowsText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return text.replace(/[\u0080-\u009f]/g, (control) => WINDOWS[control.charCodeAt(0) - 0x80]!);
}

export function noText(fileName: string): BitgradError {
  return new BitgradError(
    `${fileName}: expected text in UTF-8, UTF-16 or Latin-1, received bytes that are none`,
    'Save the file as UTF-8.',
  );
}

export function twoEncodings(fileName: string): BitgradError {
  return new BitgradError(
    `${fileName}: expected text in one encoding, received letters in UTF-8 and, behind them, bytes that are no UTF-8`,
    'Save the whole file as UTF-8.',
  );
}
