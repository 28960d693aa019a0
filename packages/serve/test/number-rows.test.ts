import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNumbers } from '../src/number-rows.js';

/** What it reads of a list's inside, with what stands behind it; null where it leaves it alone. */
function read(inside: string, count: number, behind = ']}'): Float32Array | null {
  const bytes = Buffer.from(`x${inside}${behind}`);
  const samples = new Float32Array(count + 2).fill(7);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = readNumbers(view, 1, samples, 1, count + 1);
  // Nothing else is written.
  expect([samples[0], samples[count + 1]]).toEqual([7, 7]);
  if (end < 0) return null;
  expect(end).toBe(1 + Buffer.byteLength(inside));
  return samples.subarray(1, count + 1);
}

const digits = (least: number, most: number): fc.Arbitrary<string> =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most })
    .map((all) => all.join(''));
const plain = fc
  .tuple(fc.constantFrom('', '-'), fc.integer({ min: 0, max: 1e9 }), digits(0, 22))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction && `.${fraction}`}`);
/** Even, where `fc.double` gives mostly very small and very large numbers. */
const between = fc
  .tuple(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 2 ** 20 }))
  .map(([upper, lower]) => (upper + lower / 2 ** 20) / 2 ** 20);
const shortest = between.map(String);
const binary32 = between.map((value) => String(Math.fround(value)));
/** Beside the middle between two of binary32, where the last digit decides. */
const halves = fc
  .tuple(
    fc.integer({ min: 2 ** 23, max: 2 ** 24 - 1 }),
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: -2, max: 2 }),
  )
  .map(([integer, power, off]) => {
    const middle = (integer + 0.5) / 2 ** power;
    return (middle * (1 + off * 2 ** -52)).toFixed(20);
  });
const numeral = fc.oneof(plain, shortest, binary32, halves);

describe('numbers of a list', () => {
  test('are rounded as Number and Math.fround round them', () => {
    let count = 0;
    const rows = fc.tuple(
      fc.array(numeral, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(',', ', '),
      fc.constantFrom(']', ']}', ']\n', '],[0.12345678901234567]]'),
    );
    const property = fc.property(rows, ([texts, comma, behind]) => {
      const samples = read(texts.join(comma), texts.length, behind);
      if (samples === null) return;
      count += 1;
      const expected = Float32Array.from(texts, Number);
      expect(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)).toEqual(
        Buffer.from(expected.buffer),
      );
    });
    fc.assert(property, { numRuns: 3_000 });
    expect(count).toBeGreaterThan(1_000);
  });

  test.each([
    ...['0', '-0', '7', '0.5', '-12.25', '0.1', '999999999999999', '0.00000000000000000001'],
    '0.4460000097751617',
  ])('%s is read', (text) => {
    expect(read(text, 1)?.[0]).toBe(Math.fround(Number(text)));
  });

  test.each([
    ...[
      '',
      '-',
      '+1',
      '.5',
      '1.',
      '01',
      '-01',
      '00',
      '1e5',
      '1.5E3',
      '1234567890123456',

      ' 1',
    ],
    ...['0.12345678901234567890123', 'NaN', '"1"', 'null', '[1]', '１'],
    // The middle between two of binary32, and as near it as binary64 goes.
    ...['16777217', '16777217.0000000001', '16777216.9999999999', '0.500000029802322387'],
  ])('%s is left alone', (text) => {
    expect(read(text, 1)).toBeNull();
  });

  test.each(['1', '1,', '1,2', '1, ', '1,-', '1,0.', '1,2.5'])(
    'a body that ends in %s is left alone',
    (inside) => expect(read(inside, 2, '')).toBeNull(),
  );

  test('none of an empty body, or behind its end', () => {
    const samples = new Float32Array(1);
    expect(readNumbers(new DataView(new ArrayBuffer(0)), 0, samples, 0, 1)).toBe(-1);
    expect(readNumbers(new DataView(Buffer.from('[').buffer, 0, 1), 1, samples, 0, 1)).toBe(-1);
  });
});
