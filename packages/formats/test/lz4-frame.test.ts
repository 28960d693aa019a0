import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type DictionaryBatch, dictionaryValues } from '../src/sources/dictionary-values.js';
import { unpackLz4Frame } from '../src/sources/lz4-frame.js';

interface Case {
  readonly name: string;
  readonly bytes: string;
  readonly packed: string;
}
/** As pyarrow packs them (`fixtures/arrow/make-arrow.py`). */
const CASES: readonly Case[] = JSON.parse(
  readFileSync(new URL('fixtures/arrow/lz4.json', import.meta.url), 'utf8'),
);

const FRAME = [0x04, 0x22, 0x4d, 0x18];
const END = [0, 0, 0, 0];
const sizeOf = (size: number, isPlain = false) => [size & 255, size >> 8, 0, isPlain ? 0x80 : 0];
/** A frame of blocks (LZ4's frame format), with these flags. */
function frame(
  blocks: readonly number[][],
  flags = 0x60,
  beside: readonly number[] = [],
): number[] {
  return [...FRAME, flags, 0x40, ...beside, 0, ...blocks.flat(), ...END];
}
const packed = (...bytes: number[]) => [...sizeOf(bytes.length), ...bytes];
const plain = (...bytes: number[]) => [...sizeOf(bytes.length, true), ...bytes];
const unpack = (bytes: readonly number[], length: number) => [
  ...unpackLz4Frame(Uint8Array.from([77, ...bytes]).subarray(1), length),
];

describe('LZ4 frames', () => {
  test.each(CASES)('of $name', ({ bytes, packed: whole }) => {
    const expected = Buffer.from(bytes, 'hex');
    const read = unpackLz4Frame(Buffer.from(whole, 'hex'), expected.length);
    expect(Buffer.from(read).equals(expected)).toBe(true);
  });

  // A token: the length of the literals in its high half, of the match less 4 in its low one (LZ4's block format).
  const run = packed(0x12, 65, 1, 0, 0x10, 66);
  test.each<[string, number[], number[]]>([
    [
      'literals and a match that reaches into itself',
      frame([run]),
      [65, 65, 65, 65, 65, 65, 65, 66],
    ],
    [
      'a match of what is farther back',
      frame([packed(0x30, 1, 2, 3, 3, 0, 0x10, 9)]),
      [1, 2, 3, 1, 2, 3, 1, 9],
    ],
    [
      'a match of the block before',
      frame([plain(1, 2, 3, 4), packed(0x00, 4, 0, 0x10, 9)]),
      [1, 2, 3, 4, 1, 2, 3, 4, 9],
    ],
    ['bytes that are not packed', frame([plain(1, 2), plain(3)]), [1, 2, 3]],
    ['nothing', frame([]), []],
    ['a block that ends with a match', frame([packed(0x10, 5, 1, 0)]), [5, 5, 5, 5, 5]],
    [
      'check sums of blocks',
      frame(
        [
          [...run, 9, 9, 9, 9],
          [...plain(3), 9, 9, 9, 9],
        ],
        0x70,
      ),
      [65, 65, 65, 65, 65, 65, 65, 66, 3],
    ],
    ['a size', frame([plain(3)], 0x68, [1, 0, 0, 0, 0, 0, 0, 0]), [3]],
    ['the number of a dictionary', frame([plain(3)], 0x61, [1, 0, 0, 0]), [3]],
    ['both', frame([plain(3)], 0x69, Array(12).fill(1)), [3]],
    ['15 literals', frame([packed(0xf0, 0, ...Array(15).fill(7))]), Array(15).fill(7)],
    ['270 literals', frame([packed(0xf0, 255, 0, ...Array(270).fill(7))]), Array(270).fill(7)],
    ['a match of 19', frame([packed(0x1f, 7, 1, 0, 0)]), Array(20).fill(7)],
    ['a match of 274', frame([packed(0x1f, 7, 1, 0, 255, 0)]), Array(275).fill(7)],
    [
      'a match of more than 256 back',
      frame([packed(0xf0, 243, ...Array(258).fill(7).fill(8, 0, 1), 2, 1)]),
      [8, ...Array(257).fill(7), 8, 7, 7, 7],
    ],
  ])('of %s', (_, bytes, expected) => {
    expect(unpack(bytes, expected.length)).toEqual(expected);
  });

  test.each<[string, number[], number, string]>([
    ['another beginning', [...frame([plain(1)])].fill(0, 0, 1), 1, 'no LZ4 frame'],
    [
      'a block that is cut off',
      [...FRAME, 0x60, 0x40, 0, ...sizeOf(9), 1, 2, 3],
      9,
      'an LZ4 block that is cut off',
    ],
    [
      'more bytes that are not packed',
      frame([plain(1, 2)]),
      1,
      'more bytes than the LZ4 frame says',
    ],
    [
      'more bytes in another block',
      frame([plain(1), plain(2, 3)]),
      2,
      'more bytes than the LZ4 frame says',
    ],
    ['fewer bytes', frame([plain(1, 2)]), 3, '2 of 3 bytes in an LZ4 frame'],
    ['more literals than the block has', frame([packed(0x40, 1, 2, 3)]), 9, 'a damaged LZ4 block'],
    [
      'more literals than the frame says',
      frame([packed(0x40, 1, 2, 3, 4)]),
      3,
      'a damaged LZ4 block',
    ],
    ['a longer match than the frame says', frame([run]), 6, 'a damaged LZ4 block'],
    ['a match of nothing', frame([packed(0x10, 5, 0, 0)]), 5, 'a damaged LZ4 block'],
    ['a match before the beginning', frame([packed(0x10, 5, 2, 0)]), 5, 'a damaged LZ4 block'],
    ['a match that is cut off', frame([packed(0x10, 5, 0)]), 5, 'a damaged LZ4 block'],
    ['a length that is cut off', frame([packed(0xf0, 255)]), 300, 'a damaged LZ4 block'],
  ])('of %s are refused', (_, bytes, length, message) => {
    expect(() => unpack(bytes, length)).toThrow(message);
  });

  test('that end early are refused', () => {
    const whole = frame([plain(1)]);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => unpack(whole.slice(0, length), 1)).toThrow();
    }
  });
});

describe('values of dictionaries', () => {
  const batch = (id: number, isDelta: boolean, ...lengths: number[]): DictionaryBatch => ({
    id,
    isDelta,
    data: { nodes: lengths.map((length) => ({ length })) },
  });

  test.each<[string, DictionaryBatch[], number, number]>([
    ['none', [], 0, 0],
    ['one', [batch(1, false, 5)], 5, 5],
    ['two', [batch(1, false, 5), batch(2, false, 3)], 8, 8],
    ['of several columns', [batch(1, false, 5, 2)], 7, 7],
    ['of a negative length', [batch(1, false, 5, -2)], 7, 7],
    ['one with more', [batch(1, false, 5), batch(1, true, 3)], 8, 8],
    ['one that is more of none', [batch(1, true, 3)], 3, 3],
    ['one that replaces another', [batch(1, false, 5), batch(1, false, 3)], 8, 5],
    ['one that a larger one replaces', [batch(1, false, 3), batch(1, false, 5)], 8, 5],
    [
      'one with more that is replaced',
      [batch(1, false, 5), batch(1, true, 3), batch(1, false, 1), batch(1, true, 1)],
      10,
      8,
    ],
    [
      'two that are replaced',
      [batch(1, false, 5), batch(2, false, 1), batch(1, false, 3), batch(2, false, 9)],
      18,
      14,
    ],
  ])('%s', (_, batches, all, most) => {
    expect(dictionaryValues(batches)).toEqual({ all, most });
  });
});
