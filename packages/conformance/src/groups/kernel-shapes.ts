import { type Backend, type Kernels, typescriptBackend } from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { expectSameBits, expectSameNumber } from '../compare.js';
import { caseStream, someValues, VALUE_KINDS, type ValueKind } from '../values.js';

const LENGTHS = [0, 1, 2, 7, 8, 15, 16, 17, 31, 33, 65, 1000];
const MATRICES = [
  [0, 5],
  [5, 0],
  [1, 1],
  [1, 17],
  [7, 1],
  [8, 16],
  [17, 15],
  [33, 31],
  [3, 65],
  [65, 7],
] as const;
const PRODUCTS = [
  [0, 3, 4],
  [3, 0, 4],
  [3, 4, 0],
  [1, 1, 1],
  [7, 15, 16],
  [16, 17, 33],
  [2, 65, 31],
  [33, 3, 8],
  [17, 33, 1],
] as const;
const INCREMENTS = [
  [1, 1],
  [2, 3],
  [5, 1],
] as const;
const FACTORS = [
  [1, 0],
  [1, 1],
  [0, 1],
  [0, 0],
  [0.3, -1.7],
  [-2, 0.5],
] as const;

type Argument = number | boolean | Float32Array;
type Call = readonly [kernel: keyof Kernels, ...values: Argument[]];

/** The kernels over many shapes, leading dimensions, increments, alpha and beta. */
export function kernelShapeCases(): GroupCase[] {
  const makers = { sgemm, sgemv, sger, vectors };
  return Object.entries(makers).flatMap(([name, maker]) =>
    VALUE_KINDS.map((kind) => ({
      name: `${name}, ${kind}`,
      run: (backend: Backend) => {
        const stream = caseStream(name.length);
        for (const call of maker((length) => someValues(length, kind, stream))) {
          expectSameCall(backend, kind, call);
        }
      },
    })),
  );
}

/** Makes an array of a length, full of a kind of values. */
type Fill = (length: number) => Float32Array;

function* sgemm(fill: Fill): Iterable<Call> {
  for (const [m, n, k] of PRODUCTS) {
    for (const [alpha, beta] of FACTORS) {
      for (const [transposeA, transposeB] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ] as const) {
        for (const gap of [0, 3]) {
          const [aRows, lda] = transposeA ? [k, m + gap] : [m, k + gap];
          const [bRows, ldb] = transposeB ? [n, k + gap] : [k, n + gap];
          const ldc = n + gap;
          yield [
            'sgemm',
            transposeA,
            transposeB,
            m,
            n,
            k,
            alpha,
            fill(aRows * lda),
            Math.max(1, lda),
            fill(bRows * ldb),
            Math.max(1, ldb),
            beta,
            fill(m * ldc),
            Math.max(1, ldc),
          ];
        }
      }
    }
  }
}

function* sgemv(fill: Fill): Iterable<Call> {
  for (const [m, n] of MATRICES) {
    for (const [alpha, beta] of FACTORS) {
      for (const transpose of [false, true]) {
        for (const [incx, incy] of INCREMENTS) {
          const lda = n + incx;
          const x = fill((transpose ? m : n) * incx);
          const y = fill((transpose ? n : m) * incy);
          yield ['sgemv', transpose, m, n, alpha, fill(m * lda), lda, x, incx, beta, y, incy];
        }
      }
    }
  }
}

function* sger(fill: Fill): Iterable<Call> {
  for (const [m, n] of MATRICES) {
    for (const [alpha] of FACTORS) {
      for (const [incx, incy] of INCREMENTS) {
        const lda = n + incy;
        yield ['sger', m, n, alpha, fill(m * incx), incx, fill(n * incy), incy, fill(m * lda), lda];
      }
    }
  }
}

function* vectors(fill: Fill): Iterable<Call> {
  for (const n of LENGTHS) {
    for (const [incx, incy] of INCREMENTS) {
      const x = (): Float32Array => fill(n * incx + 2);
      const y = (): Float32Array => fill(n * incy + 2);
      yield ['scopy', n, x(), incx, y(), incy];
      yield ['sdot', n, x(), incx, y(), incy];
      yield ['snrm2', n, x(), incx];
      for (const alpha of [1, 0, -0.3]) {
        yield ['saxpy', n, alpha, x(), incx, y(), incy];
        yield ['sscal', n, alpha, x(), incx];
      }
    }
  }
}

/** Makes the same call on both backends: what is written, and what is left alone, must agree. */
function expectSameCall(backend: Backend, kind: ValueKind, [kernel, ...values]: Call): void {
  const copies = values.map((value) => (value instanceof Float32Array ? value.slice() : value));
  const call = (one: Backend, given: readonly Argument[]): number | undefined =>
    (one.kernels[kernel] as (...values: readonly Argument[]) => number | undefined)(...given);
  const expected = call(typescriptBackend(), copies);
  const actual = call(backend, values);
  const where = `${kernel}(${values.map((value) => (typeof value === 'object' ? `[${value.length}]` : value)).join(', ')}) of ${kind} values`;
  for (const [at, value] of values.entries()) {
    if (!(value instanceof Float32Array)) continue;
    const wanted = copies[at] as Float32Array;
    if (!wanted.every(Number.isFinite)) throw new Error(`${where}: the case is not finite`);
    expectSameBits(value, wanted, `${where}, argument ${at + 1}`);
  }
  if (expected !== undefined) {
    if (!Number.isFinite(expected)) throw new Error(`${where}: the case's result is not finite`);
    expectSameNumber(actual!, expected, `${where}, result`);
  } else if (actual !== undefined) {
    throw new Error(`${where}: expected no result, received ${actual}`);
  }
}
