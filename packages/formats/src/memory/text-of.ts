import { checkLatin1, holdsControls, noText, utf16Of, windowsText } from '../csv/encoding.js';

/**
 * The text of a file in memory, in any of the encodings that files are read in: UTF-8, UTF-16 by its mark
 * or its zeros, else Latin-1 (windows-1252).
 *
 * @throws BitgradError if bytes are no text
 */
export function textOf(bytes: Uint8Array, fileName: string): string {
  const wide = utf16Of(bytes);
  if (wide === null && holdsControls(bytes)) throw noText(fileName);
  const whole = decoded(bytes, wide ?? 'utf-8');
  if (whole !== null) return whole;
  if (wide !== null) throw noText(fileName);
  checkLatin1(bytes, fileName);
  return windowsText(bytes);
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
