import { philox4x32, Stream } from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { expectSameBits } from '../compare.js';
import type { RandomGolden } from '../golden-types.js';
import { RANDOM_GOLDENS } from '../goldens/random.js';
import { writeHex } from '../hex.js';

/** The known answers of Philox4x32-10 that its authors publish: counter, key, words. */
const KNOWN_ANSWERS = [
  ['00000000000000000000000000000000', '0000000000000000', '6627e8d5e169c58dbc57ac4c9b00dbd8'],
  ['ffffffffffffffffffffffffffffffff', 'ffffffffffffffff', '408f276d41c83b0ea20bc7c66d5451fd'],
  ['243f6a8885a308d313198a2e03707344', 'a4093822299f31d0', 'd16cfe0994fdcceb5001e42024126ea1'],
] as const;

/** Random streams: no backend draws from them, but every training begins with them. */
export function randomCases(): GroupCase[] {
  return [
    ...KNOWN_ANSWERS.map(([counter, key, words]) => ({
      name: `Philox4x32-10, known answer ${words}`,
      run: () => {
        const out = new Uint32Array(4);
        philox4x32(wordsFromHex(counter), wordsFromHex(key), out);
        expectSameBits(out, wordsFromHex(words), 'philox4x32');
      },
    })),
    ...RANDOM_GOLDENS.map((golden) => ({
      name: `stream of seed ${golden.seed}, ${golden.purpose} ${golden.index}`,
      run: () => expectGoldenStream(golden),
    })),
  ];
}

function expectGoldenStream(golden: RandomGolden): void {
  const stream = (): Stream => new Stream(golden.seed, golden.purpose, golden.index);
  const draws = (hex: string, draw: (from: Stream) => number): Float32Array => {
    const from = stream();
    return new Float32Array(hex.length / 8).map(() => draw(from));
  };
  const expectFloats = (hex: string, draw: (from: Stream) => number, where: string): void => {
    const expected = new Float32Array(hex.length / 8);
    writeHex(hex, expected);
    expectSameBits(draws(hex, draw), expected, where);
  };
  const from = stream();
  const words = wordsFromHex(golden.words);
  expectSameBits(
    words.map(() => from.nextUint32()),
    words,
    'nextUint32',
  );
  expectFloats(golden.uniforms, (one) => one.uniform(), 'uniform');
  expectFloats(golden.normals, (one) => one.normal(), 'normal');
  const bounded = stream();
  for (const [bound, expected] of golden.below) {
    const actual = Uint32Array.from(expected, () => bounded.below(bound));
    expectSameBits(actual, Uint32Array.from(expected), `below(${bound})`);
  }
  const items = Uint32Array.from(golden.shuffled.keys());
  stream().shuffle(items);
  expectSameBits(items, Uint32Array.from(golden.shuffled), 'shuffle');
}

function wordsFromHex(hex: string): Uint32Array {
  const words = new Uint32Array(hex.length / 8);
  writeHex(hex, words);
  return words;
}
