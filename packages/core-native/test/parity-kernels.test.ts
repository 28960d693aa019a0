import { describe, expect, test } from 'vitest';
import {
  expectSameBits,
  isMissing,
  Numbers,
  nativeBackends,
  nativeTeams,
  SIZES,
  typescript,
} from './support.js';

const KINDS = ['plain', 'subnormal', 'wide'] as const;
const ALPHAS = [1, 0, -1, 0.3, 1e-30];
const seeds = Array.from({ length: 80 }, (_, seed) => seed);
const { kernels: expected } = typescript;

/** A matrix or vector that is a little longer than needed, to see that nothing else is written. */
function array(numbers: Numbers, length: number): Float32Array {
  return numbers.floats(Math.max(0, length) + 3, numbers.pick(KINDS), numbers.pick([0, 4, 13]));
}

describe.skipIf(isMissing).each(nativeBackends)('direct kernels on $isa', ({ kernels }) => {
  test.each(seeds)('sgemm, seed %i', (seed) => {
    const numbers = new Numbers(seed);
    const [m, n, k] = [numbers.pick(SIZES), numbers.pick(SIZES), numbers.pick(SIZES)];
    const [transposeA, transposeB] = [numbers.below(2) === 1, numbers.below(2) === 1];
    const [aRows, aColumns] = transposeA ? [k, m] : [m, k];
    const [bRows, bColumns] = transposeB ? [n, k] : [k, n];
    const lda = Math.max(1, aColumns) + numbers.below(4);
    const ldb = Math.max(1, bColumns) + numbers.below(4);
    const ldc = Math.max(1, n) + numbers.below(4);
    const [a, b] = [array(numbers, aRows * lda), array(numbers, bRows * ldb)];
    const [alpha, beta] = [numbers.pick(ALPHAS), numbers.pick(ALPHAS)];
    const left = array(numbers, m * ldc);
    const right = left.slice();
    kernels.sgemm(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, left, ldc);
    expected.sgemm(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, right, ldc);
    expectSameBits(`sgemm ${m}×${n}×${k}, alpha ${alpha}, beta ${beta}: C`, left, right);
  });

  test.each(seeds)('sgemv and sger, seed %i', (seed) => {
    const numbers = new Numbers(seed);
    const [m, n] = [numbers.pick(SIZES), numbers.pick([...SIZES, 1100])];
    const transpose = numbers.below(2) === 1;
    const [incx, incy] = [1 + numbers.below(3), 1 + numbers.below(3)];
    const lda = Math.max(1, n) + numbers.below(4);
    const a = array(numbers, m * lda);
    const x = array(numbers, 1100 * incx);
    const [alpha, beta] = [numbers.pick(ALPHAS), numbers.pick(ALPHAS)];
    const left = array(numbers, 1100 * incy);
    const right = left.slice();
    kernels.sgemv(transpose, m, n, alpha, a, lda, x, incx, beta, left, incy);
    expected.sgemv(transpose, m, n, alpha, a, lda, x, incx, beta, right, incy);
    expectSameBits(`sgemv ${m}×${n}, transpose ${transpose}: y`, left, right);

    const aRight = a.slice();
    kernels.sger(m, n, alpha, x, incx, left, incy, a, lda);
    expected.sger(m, n, alpha, x, incx, right, incy, aRight, lda);
    expectSameBits(`sger ${m}×${n}: A`, a, aRight);
  });

  test.each(SIZES)('vector kernels, %i elements', (n) => {
    for (const seed of seeds) {
      const numbers = new Numbers(seed);
      const [incx, incy] = numbers.below(2) === 0 ? [1, 1] : [1 + numbers.below(3), 2];
      const alpha = numbers.pick(ALPHAS);
      const x = array(numbers, n * incx);
      const y = array(numbers, n * incy);
      const [xRight, yRight] = [x.slice(), y.slice()];
      kernels.saxpy(n, alpha, x, incx, y, incy);
      expected.saxpy(n, alpha, x, incx, yRight, incy);
      expectSameBits(`saxpy ${n}: y`, y, yRight);
      const results = [kernels.sdot(n, x, incx, y, incy), kernels.snrm2(n, x, incx)];
      expect(results).toEqual([expected.sdot(n, x, incx, y, incy), expected.snrm2(n, x, incx)]);
      kernels.scopy(n, x, incx, y, incy);
      expected.scopy(n, x, incx, yRight, incy);
      expectSameBits(`scopy ${n}: y`, y, yRight);
      kernels.sscal(n, alpha, x, incx);
      expected.sscal(n, alpha, xRight, incx);
      expectSameBits(`sscal ${n}: x`, x, xRight);
    }
  });
});

// Large enough for every member of a team to have a part, some of them none: sizes are no multiple
// of anything.
const LARGE = [
  [701, 67, 203, false, false],
  [67, 701, 203, false, true],
  [331, 331, 97, true, false],
  [29, 1501, 211, true, true],
] as const;

describe.skipIf(isMissing)('large products on teams of threads', () => {
  test.each(LARGE)('%i×%i×%i, transposed %s and %s', (m, n, k, transposeA, transposeB) => {
    const numbers = new Numbers(m + n + k);
    const [a, b] = [array(numbers, m * k), array(numbers, n * k)];
    const before = array(numbers, m * n);
    const [lda, ldb] = [transposeA ? m : k, transposeB ? k : n];
    const right = before.slice();
    expected.sgemm(transposeA, transposeB, m, n, k, 0.3, a, lda, b, ldb, -1, right, n);
    for (const { kernels, threads } of [...nativeBackends, ...nativeTeams]) {
      const left = before.slice();
      kernels.sgemm(transposeA, transposeB, m, n, k, 0.3, a, lda, b, ldb, -1, left, n);
      expectSameBits(`sgemm ${m}×${n}×${k} on ${threads} threads: C`, left, right);
    }
  });
});
