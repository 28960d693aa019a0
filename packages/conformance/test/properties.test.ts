// What no list of cases foresees: kernels on arbitrary sizes and bits, against the contract's words as
// plain loops.

import { type Backend, typescriptBackend } from '@bitgrad/core';
import { nativeAvailability, nativeBackend } from '@bitgrad/core-native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSameBits } from '../src/compare.js';
import { floatsFromHex, writeHex } from '../src/hex.js';

const { fround } = Math;
const native = nativeAvailability();
const backends: Backend[] = [
  typescriptBackend(),
  ...(native.available ? native.isa.map((isa) => nativeBackend({ isa })) : []),
];

const size = fc.oneof(fc.constantFrom(0, 1, 7, 15, 16, 17, 65), fc.nat(20));
// Sums of products of these stay finite.
const finite = fc.float({ noNaN: true, min: -(2 ** 50), max: 2 ** 50 });
const floats = (length: number) =>
  fc
    .array(finite, { minLength: length, maxLength: length })
    .map((values) => Float32Array.from(values));

const product = fc
  .record({ m: size, n: size, k: size, gap: fc.nat(3), alpha: finite, beta: finite })
  .chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      a: floats((sizes.m + sizes.gap + 1) * (sizes.k + sizes.gap + 1)),
      b: floats((sizes.k + sizes.gap + 1) * (sizes.n + sizes.gap + 1)),
      c: floats((sizes.m + sizes.gap + 1) * (sizes.n + sizes.gap + 1)),
    }),
  );

describe('sgemm on arbitrary numbers', () => {
  for (const { name, isa, kernels } of backends) {
    it(`${name} ${isa} does what the contract says`, () => {
      fc.assert(
        fc.property(product, ({ sizes, transposeA, transposeB, a, b, c }) => {
          const { m, n, k, gap, alpha, beta } = sizes;
          const lda = (transposeA ? m : k) + gap + 1;
          const ldb = (transposeB ? k : n) + gap + 1;
          const ldc = n + gap + 1;
          const expected = c.slice();
          let allFinite = true;
          for (let i = 0; i < m; i += 1) {
            for (let j = 0; j < n; j += 1) {
              let sum = 0;
              for (let p = 0; p < k; p += 1) {
                const left = a[transposeA ? p * lda + i : i * lda + p]!;
                const right = b[transposeB ? j * ldb + p : p * ldb + j]!;
                sum = fround(sum + fround(left * right));
                allFinite &&= Number.isFinite(sum);
              }
              const scaled = fround(alpha * sum);
              const at = i * ldc + j;
              expected[at] = beta === 0 ? scaled : fround(scaled + fround(beta * c[at]!));
              allFinite &&= Number.isFinite(expected[at]!);
            }
          }
          // Bits are promised while values are finite.
          fc.pre(allFinite);
          kernels.sgemm(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
          expectSameBits(c, expected, 'sgemm');
        }),
        { numRuns: 150, seed: 1 },
      );
    });
  }
});

describe('hexadecimal goldens', () => {
  it('come back with the same bits', () => {
    fc.assert(
      fc.property(fc.uint32Array(), (words) => {
        const hex = Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
        const back = new Uint32Array(words.length);
        writeHex(hex, back);
        expect(back).toEqual(words);
        expectSameBits(new Uint32Array(floatsFromHex(hex).buffer), words, 'floats');
      }),
      { seed: 1 },
    );
  });

  it('are refused when they are of another length', () => {
    expect(() => writeHex('00000000', new Float32Array(2))).toThrow('expected 2 elements');
  });
});
