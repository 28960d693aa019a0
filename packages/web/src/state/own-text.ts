import type { OwnDigit } from '../data/own-digits.js';

const PIXELS = 784;

/** Own digits as one text: a line for each, its label and its pixels in base64. */
export function encodeDigits(digits: readonly OwnDigit[]): string {
  return digits
    .map(({ label, pixels }) => `${label} ${btoa(String.fromCharCode(...pixels))}`)
    .join('\n');
}

/** Reads such a text and leaves out what is not a digit. */
export function decodeDigits(text: string): OwnDigit[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([0-9]) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
    if (match === null) return [];
    try {
      const pixels = Uint8Array.from(atob(match[2]!), (character) => character.charCodeAt(0));
      return pixels.length === PIXELS ? [{ label: Number(match[1]), pixels }] : [];
    } catch {
      return [];
    }
  });
}
