import { expect, test } from 'vitest';
import { BitgradError, printable, show } from '../src/errors.js';

test('an error is short, whatever it repeats of a file', () => {
  const { message, fix } = new BitgradError(
    `expected a, received ${'x'.repeat(70_000)}`,
    'y'.repeat(70_000),
  );
  expect(message).toHaveLength(1900);
  expect(message).toMatch(/^expected a, received x+…$/);
  expect(fix).toMatch(/^y{1899}…$/);
  expect(new BitgradError('z'.repeat(1900)).message).toBe('z'.repeat(1900));
  expect(new BitgradError('short').fix).toBeUndefined();
});

test('a value is shown short, on one line, and of its kind', () => {
  expect(show('a\nb')).toBe('"a\\nb"');
  expect(show('q'.repeat(80))).toBe(`"${'q'.repeat(80)}"`);
  expect(show('q'.repeat(81))).toBe(`"${'q'.repeat(77)}..."`);
  expect(show(undefined)).toBe('undefined');
  expect(show(null)).toBe('null');
  expect(show(-0.5)).toBe('-0.5');
  expect(show(new Uint8Array(3))).toBe('Uint8Array of 3');
  expect(show({ a: [1] })).toBe('{"a":[1]}');
  expect(show({ toJSON: () => undefined })).toBe('object');
  expect(show(7n)).toBe('7');
  expect(show(true)).toBe('true');
});

test('what steers a terminal or hides is shown as JSON writes it', () => {
  expect(printable('\u001b[2J\u009b\u202e\ud800é\u{1f600}\ufeff')).toBe(
    '\\u001b[2J\\u009b\\u202e\\ud800é\u{1f600}\\ufeff',
  );
});
