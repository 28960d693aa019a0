import { describe, expect, it } from 'vitest';
import { philox4x32 } from '../src/random/philox.js';
import { checkSeed, PURPOSE, type Purpose, range, Stream } from '../src/random/stream.js';

const words = (hex: string): Uint32Array =>
  Uint32Array.from(hex.match(/.{8}/g)!, (word) => Number.parseInt(word, 16));

describe('philox4x32', () => {
  // Random123's kat_vectors.
  for (const [counter, key, expected] of [
    ['00000000000000000000000000000000', '0000000000000000', '6627e8d5e169c58dbc57ac4c9b00dbd8'],
    ['ffffffffffffffffffffffffffffffff', 'ffffffffffffffff', '408f276d41c83b0ea20bc7c66d5451fd'],
    ['243f6a8885a308d313198a2e03707344', 'a4093822299f31d0', 'd16cfe0994fdcceb5001e42024126ea1'],
  ] as const) {
    it(`gives the known answer ${expected}`, () => {
      const out = new Uint32Array(4);
      philox4x32(words(counter), words(key), out);
      expect(out).toEqual(words(expected));
    });
  }

  it('goes on with the blocks of the counters that follow, over the end of a word', () => {
    const key = words('a4093822299f31d0');
    const first = words('ffffffff000000010000000700000003');
    const before = first.slice();
    const together = new Uint32Array(12);
    philox4x32(first, key, together);
    const counters = [first, words('00000000000000020000000700000003')];
    counters.push(words('00000001000000020000000700000003'));
    const single = counters.flatMap((counter) => {
      const block = new Uint32Array(4);
      philox4x32(counter, key, block);
      return Array.from(block);
    });
    expect(Array.from(together)).toEqual(single);
    expect(first).toEqual(before);
  });

  it('agrees with 64-bit products', () => {
    const mask = 0xffffffffn;
    const reference = (counter: Uint32Array, key: Uint32Array): Uint32Array => {
      let [x0, x1, x2, x3] = Array.from(counter, BigInt) as [bigint, bigint, bigint, bigint];
      let [k0, k1] = Array.from(key, BigInt) as [bigint, bigint];
      for (let round = 0; round < 10; round += 1) {
        const [first, second] = [0xd2511f53n * x0, 0xcd9e8d57n * x2];
        [x0, x1, x2, x3] = [
          (second >> 32n) ^ x1 ^ k0,
          second & mask,
          (first >> 32n) ^ x3 ^ k1,
          first & mask,
        ];
        k0 = (k0 + 0x9e3779b9n) & mask;
        k1 = (k1 + 0xbb67ae85n) & mask;
      }
      return Uint32Array.from([x0, x1, x2, x3], Number);
    };
    const stream = new Stream(7, 'split', 0);
    const out = new Uint32Array(4);
    for (let i = 0; i < 500; i += 1) {
      const counter = new Uint32Array(4).map(() => stream.nextUint32());
      const key = new Uint32Array(2).map(() => stream.nextUint32());
      philox4x32(counter, key, out);
      expect(out).toEqual(reference(counter, key));
    }
  });
});

/** A stream whose words are given. */
function scripted(...given: number[]): Stream {
  const stream = new Stream(0, 'weights', 0);
  stream.nextUint32 = () => {
    const word = given.shift();
    if (word === undefined) throw new Error('no words left');
    return word;
  };
  return stream;
}

describe('Stream', () => {
  it('is Philox with the documented key and counter', () => {
    const seed = 5 * 2 ** 32 + 3;
    const stream = new Stream(seed, 'augment', 9);
    const out = new Uint32Array(4);
    // As many as are made ahead, and some more.
    for (let block = 0; block < 150; block += 1) {
      philox4x32(Uint32Array.of(block, 0, 9, PURPOSE.augment), Uint32Array.of(3, 5), out);
      expect(Array.from({ length: 4 }, () => stream.nextUint32())).toEqual([...out]);
    }
  });

  it('differs by seed, purpose and index', () => {
    const firsts = new Set<number>();
    for (const seed of [0, 1, 2 ** 32, 2 ** 53 - 1]) {
      for (const purpose of Object.keys(PURPOSE) as Purpose[]) {
        for (const index of [0, 1, 49]) {
          firsts.add(new Stream(seed, purpose, index).nextUint32());
        }
      }
    }
    expect(firsts.size).toBe(4 * 6 * 3);
  });

  it('keeps the numbers of the purposes, which are part of the contract', () => {
    expect(PURPOSE).toEqual({
      weights: 1,
      split: 2,
      shuffle: 3,
      validationShuffle: 4,
      augment: 5,
      dropout: 6,
    });
  });

  it('draws uniforms of 24 bits in [0, 1)', () => {
    expect(scripted(0).uniform()).toBe(0);
    expect(scripted(0xff).uniform()).toBe(0);
    expect(scripted(0x100).uniform()).toBe(1 / 2 ** 24);
    expect(scripted(0xffffffff).uniform()).toBe(1 - 1 / 2 ** 24);
  });

  it('throws away words that would favour small integers', () => {
    // 2^32 = 2 · 2147483647 + 2, so that the last two words are refused.
    const bound = 2147483647;
    expect(scripted(0xffffffff, 0xfffffffe, 5).below(bound)).toBe(5);
    expect(scripted(0xfffffffd).below(bound)).toBe(bound - 1);
    // 2^32 = 1 · 3000000000 + 1294967296: nearly a third of the words are refused.
    expect(scripted(3000000000, 4294967295, 2999999999).below(3000000000)).toBe(2999999999);
    // A power of two refuses none.
    expect(scripted(0xffffffff).below(256)).toBe(255);
    expect(scripted(0xffffffff).below(1)).toBe(0);
  });

  it('draws integers below a bound equally often', () => {
    const counts = new Uint32Array(7);
    const stream = new Stream(1, 'shuffle', 0);
    for (let i = 0; i < 70_000; i += 1) counts[stream.below(7)]! += 1;
    // Chi-squared with 6 degrees of freedom is below 22.5 in 999 of 1000 cases.
    const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(22.5);
  });

  it('draws normals of mean 0 and deviation 1, all binary32', () => {
    const stream = new Stream(1, 'weights', 0);
    const draws = Array.from({ length: 20_000 }, () => stream.normal());
    expect(draws.every((value) => Math.fround(value) === value)).toBe(true);
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.04);
  });

  it('refuses points of the normal distribution that lie outside the circle, or in its middle', () => {
    const inside = [0xc0000000, 0x80000000]; // u = 0.5, v = 0
    const outside = [0xffffffff, 0xffffffff];
    const edge = [0, 0x80000000]; // u = −1, v = 0
    const middle = [0x80000000, 0x80000000];
    const stream = scripted(...outside, ...edge, ...middle, ...inside);
    expect(stream.normal()).toBeCloseTo(Math.sqrt(-2 * Math.log(0.25)), 5);
    expect(stream.normal()).toBe(0);
  });

  it('draws normals in pairs, both of one point', () => {
    const stream = scripted(0xc0000000, 0x60000000); // u = 0.5, v = −0.25
    const radius = 0.5 ** 2 + 0.25 ** 2;
    const factor = Math.sqrt((-2 * Math.log(radius)) / radius);
    expect(stream.normal()).toBeCloseTo(0.5 * factor, 6);
    expect(stream.normal()).toBeCloseTo(-0.25 * factor, 6);
    expect(() => stream.normal()).toThrow('no words left');
  });

  it('shuffles from the last item down, with a word for each but the first', () => {
    const items = range(5, 4);
    // Modulo 4, 3 and 2: the places 1, 2 and 0.
    const stream = scripted(9, 5, 6);
    stream.shuffle(items);
    expect([...items]).toEqual([8, 5, 7, 6]);
    expect(() => stream.nextUint32()).toThrow('no words left');
  });

  it('shuffles: every item is still there, and the order is another', () => {
    for (const length of [0, 1, 2, 7, 16, 17, 65, 1000]) {
      for (const epoch of [0, 1]) {
        const items = range(5, length);
        new Stream(3, 'shuffle', epoch).shuffle(items);
        expect(items.slice().sort()).toEqual(range(5, length));
        if (length > 6) expect(items).not.toEqual(range(5, length));
      }
    }
  });

  it('shuffles into each order equally often', () => {
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < 6000; epoch += 1) {
      const items = range(0, 3);
      new Stream(4, 'shuffle', epoch).shuffle(items);
      counts.set(items.join(), (counts.get(items.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it('refuses seeds that are no integer from 0 to 2^53 − 1', () => {
    for (const seed of [-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '1', null]) {
      expect(() => checkSeed(seed)).toThrow('seed: expected an integer from 0 to 9007199254740991');
    }
    expect(() => new Stream(-1, 'weights', 0)).toThrow('seed');
    for (const seed of [0, 2 ** 53 - 1]) expect(() => checkSeed(seed)).not.toThrow();
  });
});
