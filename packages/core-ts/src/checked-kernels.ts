import type { Kernels } from './backend.js';
import { BitgradError, show } from './errors.js';

/**
 * Wraps a backend's kernels in the checks that all backends share: whole, fitting sizes, and
 * `alpha` and `beta` rounded to binary32.
 *
 * @param kernels trust their arguments
 */
export function checkedKernels(kernels: Kernels): Kernels {
  const { fround } = Math;
  return {
    sgemm(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) {
      checkSizes('sgemm', { m, n, k });
      checkNumbers('sgemm', { alpha, beta });
      checkMatrix('sgemm', 'A', a, transposeA ? k : m, transposeA ? m : k, lda, 'lda');
      checkMatrix('sgemm', 'B', b, transposeB ? n : k, transposeB ? k : n, ldb, 'ldb');
      checkMatrix('sgemm', 'C', c, m, n, ldc, 'ldc');
      kernels.sgemm(
        Boolean(transposeA),
        Boolean(transposeB),
        m,
        n,
        k,
        fround(alpha),
        a,
        lda,
        b,
        ldb,
        fround(beta),
        c,
        ldc,
      );
    },
    sgemv(transpose, m, n, alpha, a, lda, x, incx, beta, y, incy) {
      checkSizes('sgemv', { m, n });
      checkNumbers('sgemv', { alpha, beta });
      checkMatrix('sgemv', 'A', a, m, n, lda, 'lda');
      checkVector('sgemv', 'x', x, transpose ? m : n, incx, 'incx');
      checkVector('sgemv', 'y', y, transpose ? n : m, incy, 'incy');
      kernels.sgemv(
        Boolean(transpose),
        m,
        n,
        fround(alpha),
        a,
        lda,
        x,
        incx,
        fround(beta),
        y,
        incy,
      );
    },
    sger(m, n, alpha, x, incx, y, incy, a, lda) {
      checkSizes('sger', { m, n });
      checkNumbers('sger', { alpha });
      checkVector('sger', 'x', x, m, incx, 'incx');
      checkVector('sger', 'y', y, n, incy, 'incy');
      checkMatrix('sger', 'A', a, m, n, lda, 'lda');
      kernels.sger(m, n, fround(alpha), x, incx, y, incy, a, lda);
    },
    saxpy(n, alpha, x, incx, y, incy) {
      checkSizes('saxpy', { n });
      checkNumbers('saxpy', { alpha });
      checkVector('saxpy', 'x', x, n, incx, 'incx');
      checkVector('saxpy', 'y', y, n, incy, 'incy');
      kernels.saxpy(n, fround(alpha), x, incx, y, incy);
    },
    sdot(n, x, incx, y, incy) {
      checkSizes('sdot', { n });
      checkVector('sdot', 'x', x, n, incx, 'incx');
      checkVector('sdot', 'y', y, n, incy, 'incy');
      return kernels.sdot(n, x, incx, y, incy);
    },
    sscal(n, alpha, x, incx) {
      checkSizes('sscal', { n });
      checkNumbers('sscal', { alpha });
      checkVector('sscal', 'x', x, n, incx, 'incx');
      kernels.sscal(n, fround(alpha), x, incx);
    },
    scopy(n, x, incx, y, incy) {
      checkSizes('scopy', { n });
      checkVector('scopy', 'x', x, n, incx, 'incx');
      checkVector('scopy', 'y', y, n, incy, 'incy');
      kernels.scopy(n, x, incx, y, incy);
    },
    snrm2(n, x, incx) {
      checkSizes('snrm2', { n });
      checkVector('snrm2', 'x', x, n, incx, 'incx');
      return kernels.snrm2(n, x, incx);
    },
  };
}

const LARGEST = 0x7fffffff;

function isSize(value: unknown, least: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= LARGEST;
}

function checkSizes(kernel: string, sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (!isSize(size, 0))
      throw new BitgradError(
        `${kernel}: expected an integer ${name} from 0 to ${LARGEST}, received ${show(size)}`,
      );
  }
}

function checkNumbers(kernel: string, numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (typeof value !== 'number')
      throw new BitgradError(`${kernel}: expected a number ${name}, received ${show(value)}`);
  }
}

function checkMatrix(
  kernel: string,
  name: string,
  matrix: unknown,
  rows: number,
  columns: number,
  stride: number,
  strideName: string,
): void {
  if (!isSize(stride, Math.max(1, columns))) {
    throw new BitgradError(
      `${kernel}: expected ${strideName} of at least ${Math.max(1, columns)} for ${name} [${rows},${columns}], received ${show(stride)}`,
    );
  }
  const needed = rows === 0 || columns === 0 ? 0 : (rows - 1) * stride + columns;
  checkArray(kernel, `${name} [${rows},${columns}], ${strideName} ${stride}`, matrix, needed);
}

function checkVector(
  kernel: string,
  name: string,
  vector: unknown,
  length: number,
  increment: number,
  incrementName: string,
): void {
  if (!isSize(increment, 1))
    throw new BitgradError(
      `${kernel}: expected an integer ${incrementName} of at least 1, received ${show(increment)}`,
    );
  checkArray(
    kernel,
    `${name} [${length}], ${incrementName} ${increment}`,
    vector,
    length === 0 ? 0 : (length - 1) * increment + 1,
  );
}

function checkArray(kernel: string, name: string, array: unknown, needed: number): void {
  if (!(array instanceof Float32Array))
    throw new BitgradError(`${kernel}: expected a Float32Array ${name}, received ${show(array)}`);
  if (array.length < needed)
    throw new BitgradError(
      `${kernel}: expected ${name}: ${needed} elements, received ${array.length}`,
    );
}
