import { type Backend, BitgradError, type Kernels } from '@bitgrad/core';
import { check, type GroupCase } from '../case.js';
import { expectSameBits, expectSameNumber } from '../compare.js';

const array = (length: number): Float32Array => new Float32Array(length).fill(1);
const notANumber = (length: number): Float32Array => new Float32Array(length).fill(Number.NaN);

/** Rules of the kernels that no comparison of finite numbers shows, and sizes that they refuse. */
export function kernelRuleCases(): GroupCase[] {
  return [
    { name: 'beta 0 does not read C or y', run: unreadOutput },
    { name: 'alpha and beta are rounded to binary32', run: roundedFactors },
    { name: 'views into the middle of a buffer', run: offsetViews },
    { name: 'sums run from left to right', run: leftToRight },
    ...Object.entries(REFUSED).flatMap(([kernel, calls]) =>
      calls.map((values, at) => ({
        name: `${kernel} refuses bad arguments ${at + 1}`,
        run: (backend: Backend) => refuses(backend, kernel as keyof Kernels, values),
      })),
    ),
  ];
}

function unreadOutput({ kernels }: Backend): void {
  for (const n of [1, 7, 16, 33]) {
    const c = notANumber(3 * n);
    kernels.sgemm(false, false, 3, n, 2, 2, array(6), 2, array(2 * n), n, 0, c, n);
    expectSameBits(c, array(3 * n).fill(4), `sgemm [3,${n}] over NaN with beta 0`);
    const empty = notANumber(3 * n);
    kernels.sgemm(false, false, 3, n, 0, 2, array(0), 1, array(0), n, 0, empty, n);
    expectSameBits(empty, new Float32Array(3 * n), `sgemm [3,${n}] of k 0 over NaN with beta 0`);
    const y = notANumber(n);
    kernels.sgemv(false, n, 2, 0.5, array(2 * n), 2, array(2), 1, 0, y, 1);
    expectSameBits(y, array(n), `sgemv [${n}] over NaN with beta 0`);
  }
}

function roundedFactors({ kernels }: Backend): void {
  const x = Float32Array.of(3);
  kernels.sscal(1, 0.1, x, 1);
  const expected = Math.fround(Math.fround(0.1) * 3);
  expectSameNumber(x[0]!, expected, 'sscal by 0.1');
  const c = Float32Array.of(3);
  kernels.sgemm(false, false, 1, 1, 1, 1, Float32Array.of(0), 1, array(1), 1, 0.1, c, 1);
  expectSameNumber(c[0]!, expected, 'sgemm with beta 0.1');
}

function offsetViews({ kernels }: Backend): void {
  const buffer = new Float32Array(40);
  const x = buffer.subarray(3, 8).fill(2);
  const y = buffer.subarray(17, 22).fill(10);
  kernels.saxpy(5, 3, x, 1, y, 1);
  const expected = new Float32Array(40).fill(2, 3, 8).fill(16, 17, 22);
  expectSameBits(buffer, expected, 'saxpy on views into one buffer');
}

/** 2^24 + 1 is no binary32 value: small terms vanish in order, and only in order. */
function leftToRight({ kernels }: Backend): void {
  const large = 16777216;
  const terms = Float32Array.of(large, 1, 1, 1, 1, 1, 1, 1, -large, 1, 1);
  const ones = array(terms.length);
  expectSameNumber(kernels.sdot(terms.length, terms, 1, ones, 1), 2, 'sdot');
  const c = array(1);
  kernels.sgemm(false, false, 1, 1, 11, 1, ones, 11, terms, 1, 0, c, 1);
  expectSameNumber(c[0]!, 2, 'sgemm');
  const roots = Float32Array.of(4096, 1, 1, 1, 1);
  expectSameNumber(kernels.snrm2(5, roots, 1), 4096, 'snrm2');
  const negativeZero = Float32Array.of(-0);
  expectSameNumber(kernels.sdot(1, negativeZero, 1, array(1), 1), 0, 'sdot of one −0');
}

const one = array(1);
/** Arguments that do not fit, with all that fits left as it is. */
const REFUSED: Readonly<Record<keyof Kernels, readonly (readonly unknown[])[]>> = {
  sgemm: [
    [false, false, -1, 1, 1, 1, one, 1, one, 1, 0, one, 1],
    [false, false, 1.5, 1, 1, 1, one, 1, one, 1, 0, one, 1],
    [false, false, 1, Number.NaN, 1, 1, one, 1, one, 1, 0, one, 1],
    [false, false, 1, 1, 2 ** 31, 1, one, 1, one, 1, 0, one, 1],
    [false, false, 1, 1, '1', 1, one, 1, one, 1, 0, one, 1],
    [false, false, 2, 2, 2, 1, array(3), 2, array(4), 2, 0, array(4), 2],
    [false, false, 2, 2, 2, 1, array(4), 2, array(3), 2, 0, array(4), 2],
    [false, false, 2, 2, 2, 1, array(4), 2, array(4), 2, 0, array(3), 2],
    [false, false, 2, 2, 2, 1, array(4), 1, array(4), 2, 0, array(4), 2],
    [true, false, 3, 2, 2, 1, array(6), 2, array(4), 2, 0, array(6), 2],
    [false, true, 2, 3, 2, 1, array(4), 2, array(6), 1, 0, array(6), 3],
    [false, false, 2, 2, 2, 1, array(4), 2, array(4), 2, 0, array(4), 0],
    [false, false, 65536, 1, 65536, 1, one, 65536, one, 1, 0, one, 1],
    [false, false, 1, 1, 1, 1, new Float64Array(1), 1, one, 1, 0, one, 1],
    [false, false, 1, 1, 1, 1, one, 1, [1], 1, 0, one, 1],
    [false, false, 1, 1, 1, 1, one, 1, one, 1, 0, null, 1],
    [false, false, 1, 1, 1, '1', one, 1, one, 1, 0, one, 1],
    [],
  ],
  sgemv: [
    [false, 2, 3, 1, array(5), 3, array(3), 1, 0, array(2), 1],
    [false, 2, 3, 1, array(6), 3, array(2), 1, 0, array(2), 1],
    [true, 2, 3, 1, array(6), 3, array(2), 1, 0, array(2), 1],
    [false, 2, 3, 1, array(6), 2, array(3), 1, 0, array(2), 1],
    [false, 2, 3, 1, array(6), 3, array(3), 0, 0, array(2), 1],
    [false, 2, 3, 1, array(6), 3, array(3), 1, 0, array(2), -1],
  ],
  sger: [
    [2, 3, 1, array(1), 1, array(3), 1, array(6), 3],
    [2, 3, 1, array(2), 1, array(2), 1, array(6), 3],
    [2, 3, 1, array(2), 1, array(3), 1, array(5), 3],
    [2, 3, 1, array(2), 1, array(3), 1, array(6), 2],
    [2, 3, undefined, array(2), 1, array(3), 1, array(6), 3],
  ],
  saxpy: [
    [4, 1, array(3), 1, array(4), 1],
    [4, 1, array(4), 1, array(3), 1],
    [4, 1, array(4), 2, array(4), 1],
    [-4, 1, array(4), 1, array(4), 1],
    [4, 1, array(4), 0.5, array(4), 1],
  ],
  sdot: [
    [4, array(3), 1, array(4), 1],
    [4, array(4), 1, array(6), 2],
    [Number.POSITIVE_INFINITY, array(4), 1, array(4), 1],
  ],
  sscal: [
    [4, 1, array(3), 1],
    [4, 1, array(4), 2],
    [4, null, array(4), 1],
  ],
  scopy: [
    [4, array(3), 1, array(4), 1],
    [4, array(4), 1, array(3), 1],
  ],
  snrm2: [
    [4, array(3), 1],
    [2, array(4), 4],
    [1, new Uint8Array(4), 1],
  ],
};

function refuses({ kernels }: Backend, kernel: keyof Kernels, values: readonly unknown[]): void {
  try {
    (kernels[kernel] as (...values: readonly unknown[]) => unknown)(...values);
  } catch (error) {
    check(error instanceof BitgradError, `${kernel}: expected a BitgradError, received ${error}`);
    return;
  }
  throw new Error(`${kernel}: expected a BitgradError, received a result`);
}
