import type { Program } from './program/program.js';
import type { SampleMemory } from './program/sample-memory.js';
import type { Session } from './program/session.js';

export type { SampleMemory } from './program/sample-memory.js';
export type { Session } from './program/session.js';

/** Anything that can run a program. Two backends given the same program and bytes give the same bits. */
export interface Backend {
  /** `native`, `wasm` or `ts`. */
  readonly name: string;
  /** The instruction set that its kernels use, in the words of the field: `avx2`, `neon`, `javascript`, … */
  readonly isa: string;
  /** How many threads a session uses at most. */
  readonly threads: number;
  readonly kernels: Kernels;
  /**
   * Makes an arena for `program`, filled with zeros, and prepares to run it.
   *
   * @param samples what it gathers from, if it shares that with other sessions; by default it has its own
   * @throws BitgradError if the program is not valid, or the samples are not for it
   */
  open(program: Program, samples?: SampleMemory): Session;
  /**
   * Makes memory for what `program` gathers from, filled with zeros, which sessions of programs with the
   * same samples share. A backend whose sessions cannot look outside their own memory has none.
   *
   * @param place where they lie already, aligned to 64 bytes, which is then kept until the process ends
   * @throws BitgradError if the program is not valid
   */
  openSamples?(program: Program, place?: ArrayBuffer): SampleMemory;
}

/**
 * BLAS-style kernels on Float32Arrays: row-major matrices, leading dimensions (elements from one
 * row to the next), increments, `alpha` and `beta` rounded to binary32. Each `+ − × ÷ √` rounds
 * once and sums run in index order from +0. All throw BitgradError on sizes that do not fit.
 * Where an output overlaps an input in memory, the result is not defined.
 */
export interface Kernels {
  /**
   * `C = alpha · (op(A) · op(B)) + beta · C`, with op(A) `[m, k]`, op(B) `[k, n]`, C `[m, n]`. The
   * sum is finished before alpha multiplies it. With `beta` 0, C is not read.
   */
  sgemm(
    transposeA: boolean,
    transposeB: boolean,
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: Float32Array,
    lda: number,
    b: Float32Array,
    ldb: number,
    beta: number,
    c: Float32Array,
    ldc: number,
  ): void;
  /** `y = alpha · (op(A) · x) + beta · y`, with A `[m, n]` before `op`. With `beta` 0, y is not read. */
  sgemv(
    transpose: boolean,
    m: number,
    n: number,
    alpha: number,
    a: Float32Array,
    lda: number,
    x: Float32Array,
    incx: number,
    beta: number,
    y: Float32Array,
    incy: number,
  ): void;
  /** `A[i, j] = A[i, j] + alpha · (x[i] · y[j])`, with A `[m, n]`. */
  sger(
    m: number,
    n: number,
    alpha: number,
    x: Float32Array,
    incx: number,
    y: Float32Array,
    incy: number,
    a: Float32Array,
    lda: number,
  ): void;
  /** `y[i] = y[i] + alpha · x[i]`. */
  saxpy(
    n: number,
    alpha: number,
    x: Float32Array,
    incx: number,
    y: Float32Array,
    incy: number,
  ): void;
  /** `Σ x[i] · y[i]`, left to right. */
  sdot(n: number, x: Float32Array, incx: number, y: Float32Array, incy: number): number;
  /** `x[i] = alpha · x[i]`. */
  sscal(n: number, alpha: number, x: Float32Array, incx: number): void;
  /** `y[i] = x[i]`. */
  scopy(n: number, x: Float32Array, incx: number, y: Float32Array, incy: number): void;
  /** `√(Σ x[i] · x[i])`, left to right, unscaled: it overflows where the sum of squares does. */
  snrm2(n: number, x: Float32Array, incx: number): number;
}
