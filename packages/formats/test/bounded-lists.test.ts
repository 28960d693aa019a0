import { expect, test } from 'vitest';
import { withBoundedLists } from '../src/sources/bounded-lists.js';

test('lists of more elements than bytes are refused, but only meanwhile', () => {
  const { from } = Array;
  const work = (length: number) => () => Array.from({ length }, (_, index) => index);
  expect(withBoundedLists(3, work(3))).toEqual([0, 1, 2]);
  expect(withBoundedLists(3, () => Array.from('abc'))).toEqual(['a', 'b', 'c']);
  expect(() => withBoundedLists(3, work(2 ** 31))).toThrow('a list of 2147483648 in 3 bytes');
  expect(Array.from).toBe(from);
});
