/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3" (SC 2011). A block of four 32-bit words is a pure function of a
 * 128-bit counter and a 64-bit key, in integer arithmetic alone, so any draw can be made anywhere
 * without making those before it.
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** The upper 32 bits of the 64-bit product of two unsigned 32-bit integers, as a signed integer. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const lowHigh = Math.imul(aLow, bHigh);
  const highLow = Math.imul(aHigh, bLow);
  const low = Math.imul(aLow, bLow) >>> 16;
  const middle = low + (lowHigh & 0xffff) + (highLow & 0xffff);
  return (Math.imul(aHigh, bHigh) + (lowHigh >>> 16) + (highLow >>> 16) + (middle >>> 16)) | 0;
}

/**
 * Computes blocks: `counter`'s, then those of the counters that follow it.
 *
 * @param counter four unsigned 32-bit words, least significant first; the lower two count
 * @param key two unsigned 32-bit words
 * @param words receives four random words a block; its length is a multiple of 4
 */
export function philox4x32(counter: Uint32Array, key: Uint32Array, words: Uint32Array): void {
  const current = counter.slice();
  for (let at = 0; at < words.length; at += 4) {
    computeBlock(current, key, words, at);
    countUp(current, 1);
  }
}

/** Moves a counter on by so many blocks. */
export function countUp(counter: Uint32Array, blocks: number): void {
  const low = counter[0]! + blocks;
  counter[0] = low;
  if (low >= 0x100000000) counter[1] = counter[1]! + 1;
}

function computeBlock(
  counter: Uint32Array,
  key: Uint32Array,
  words: Uint32Array,
  at: number,
): void {
  // Signed integers all the way: engines keep those in registers, and the bits are the same.
  let x0 = counter[0]! | 0;
  let x1 = counter[1]! | 0;
  let x2 = counter[2]! | 0;
  let x3 = counter[3]! | 0;
  let key0 = key[0]! | 0;
  let key1 = key[1]! | 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const high0 = multiplyHigh(MULTIPLIER_0, x0);
    const high1 = multiplyHigh(MULTIPLIER_1, x2);
    const low0 = Math.imul(MULTIPLIER_0, x0);
    const low1 = Math.imul(MULTIPLIER_1, x2);
    x0 = high1 ^ x1 ^ key0;
    x1 = low1;
    x2 = high0 ^ x3 ^ key1;
    x3 = low0;
    key0 = (key0 + WEYL_0) | 0;
    key1 = (key1 + WEYL_1) | 0;
  }
  words[at] = x0;
  words[at + 1] = x1;
  words[at + 2] = x2;
  words[at + 3] = x3;
}
