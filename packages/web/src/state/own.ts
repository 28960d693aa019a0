import { effect, signal } from '@preact/signals';
import type { OwnDigit } from '../data/own-digits.js';
import { decodeDigits, encodeDigits } from './own-text.js';

const KEY = 'bitgrad-own-digits';

/** The digits that the reader drew and kept. They never leave this device. */
export const ownDigits = signal<readonly OwnDigit[]>(restore());

effect(() => {
  const text = encodeDigits(ownDigits.value);
  try {
    localStorage.setItem(KEY, text);
  } catch {
    // A private window may keep nothing; the digits last as long as the page.
  }
});

function restore(): readonly OwnDigit[] {
  try {
    return decodeDigits(localStorage.getItem(KEY) ?? '');
  } catch {
    return [];
  }
}
