import { checkedKernels, type Kernels } from '@bitgrad/core/backend';
import type { Bench, Operand } from './bench.js';

/** The BLAS-style kernels on the caller's arrays, by way of copies. */
export function directKernels(bench: Bench): Kernels {
  return checkedKernels({
    sgemm(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) {
      const operands = [
        matrix(c, m, n, ldc),
        transposeA ? matrix(a, k, m, lda) : matrix(a, m, k, lda),
        transposeB ? matrix(b, n, k, ldb) : matrix(b, k, n, ldb),
      ];
      bench.use(operands, true, ({ sgemm }, [cAt, aAt, bAt], scratch) =>
        sgemm(
          transposeA,
          transposeB,
          m,
          n,
          k,
          alpha,
          aAt!,
          lda,
          bAt!,
          ldb,
          beta,
          cAt!,
          ldc,
          scratch,
        ),
      );
    },
    sgemv(transpose, m, n, alpha, a, lda, x, incx, beta, y, incy) {
      const operands = [
        vector(y, transpose ? n : m, incy),
        matrix(a, m, n, lda),
        vector(x, transpose ? m : n, incx),
      ];
      bench.use(operands, true, ({ sgemv }, [yAt, aAt, xAt], scratch) =>
        sgemv(transpose, m, n, alpha, aAt!, lda, xAt!, incx, beta, yAt!, incy, scratch),
      );
    },
    sger(m, n, alpha, x, incx, y, incy, a, lda) {
      const operands = [matrix(a, m, n, lda), vector(x, m, incx), vector(y, n, incy)];
      bench.use(operands, true, ({ sger }, [aAt, xAt, yAt]) =>
        sger(m, n, alpha, xAt!, incx, yAt!, incy, aAt!, lda),
      );
    },
    saxpy(n, alpha, x, incx, y, incy) {
      bench.use([vector(y, n, incy), vector(x, n, incx)], true, ({ saxpy }, [yAt, xAt]) =>
        saxpy(n, alpha, xAt!, incx, yAt!, incy),
      );
    },
    sdot(n, x, incx, y, incy) {
      return bench.use([vector(x, n, incx), vector(y, n, incy)], false, ({ sdot }, [xAt, yAt]) =>
        sdot(n, xAt!, incx, yAt!, incy),
      );
    },
    sscal(n, alpha, x, incx) {
      bench.use([vector(x, n, incx)], true, ({ sscal }, [xAt]) => sscal(n, alpha, xAt!, incx));
    },
    scopy(n, x, incx, y, incy) {
      bench.use([vector(y, n, incy), vector(x, n, incx)], true, ({ scopy }, [yAt, xAt]) =>
        scopy(n, xAt!, incx, yAt!, incy),
      );
    },
    snrm2(n, x, incx) {
      return bench.use([vector(x, n, incx)], false, ({ snrm2 }, [xAt]) => snrm2(n, xAt!, incx));
    },
  });
}

/** The elements from a matrix's first to its last, with those between its rows. */
function matrix(array: Float32Array, rows: number, columns: number, stride: number): Operand {
  return [array, rows === 0 || columns === 0 ? 0 : (rows - 1) * stride + columns];
}

function vector(array: Float32Array, length: number, increment: number): Operand {
  return matrix(array, length, 1, increment);
}
