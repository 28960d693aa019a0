/** The vector and matrix-vector kernels of `Kernels`, whose arguments these are; sizes are not checked here. */

const { fround } = Math;

export function gemv(
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
): void {
  const rows = transpose ? n : m;
  const columns = transpose ? m : n;
  const rowStride = transpose ? 1 : lda;
  const columnStride = transpose ? lda : 1;
  for (let i = 0; i < rows; i += 1) {
    let sum = 0;
    for (let j = 0; j < columns; j += 1) {
      sum = fround(sum + fround(a[i * rowStride + j * columnStride]! * x[j * incx]!));
    }
    const scaled = fround(alpha * sum);
    y[i * incy] = beta === 0 ? scaled : fround(scaled + fround(beta * y[i * incy]!));
  }
}

export function ger(
  m: number,
  n: number,
  alpha: number,
  x: Float32Array,
  incx: number,
  y: Float32Array,
  incy: number,
  a: Float32Array,
  lda: number,
): void {
  for (let i = 0; i < m; i += 1) {
    for (let j = 0; j < n; j += 1) {
      const product = fround(alpha * fround(x[i * incx]! * y[j * incy]!));
      a[i * lda + j] = fround(a[i * lda + j]! + product);
    }
  }
}

export function axpy(
  n: number,
  alpha: number,
  x: Float32Array,
  incx: number,
  y: Float32Array,
  incy: number,
): void {
  for (let i = 0; i < n; i += 1) {
    y[i * incy] = fround(y[i * incy]! + fround(alpha * x[i * incx]!));
  }
}

export function dot(
  n: number,
  x: Float32Array,
  incx: number,
  y: Float32Array,
  incy: number,
): number {
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum = fround(sum + fround(x[i * incx]! * y[i * incy]!));
  return sum;
}

export function scal(n: number, alpha: number, x: Float32Array, incx: number): void {
  for (let i = 0; i < n; i += 1) x[i * incx] = fround(alpha * x[i * incx]!);
}

export function copy(
  n: number,
  x: Float32Array,
  incx: number,
  y: Float32Array,
  incy: number,
): void {
  for (let i = 0; i < n; i += 1) y[i * incy] = x[i * incx]!;
}

export function nrm2(n: number, x: Float32Array, incx: number): number {
  return fround(Math.sqrt(dot(n, x, incx, x, incx)));
}
