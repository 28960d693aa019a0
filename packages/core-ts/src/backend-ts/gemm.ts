/**
 * Matrix product by the contract: every element of C is a sum in ascending p, from +0, each product
 * and each addition rounded to binary32. Zeros of A are skipped, which changes no bit (contract,
 * rule 3): the accumulator is never −0. Rows of A with many zeros take only their other elements;
 * other rows go in pairs, in tiles of 2×4. Tiles of accumulators are written out because V8 keeps
 * them in registers so, and only so.
 */

const { fround } = Math;

/** Where the elements of `op(A)`'s current row that are not 0 lie, and what they are. */
export interface SparseRow {
  /** Offsets into B of the row that each element meets. */
  offsets: Int32Array;
  values: Float32Array;
  count: number;
  /** Whether every value is 1, as in binarised images: products are then the other factors. */
  allOnes: boolean;
}

export function sparseRow(capacity: number): SparseRow {
  return {
    offsets: new Int32Array(capacity),
    values: new Float32Array(capacity),
    count: 0,
    allOnes: true,
  };
}

let scratch: SparseRow = sparseRow(1024);

/** See `Kernels.sgemm`, whose arguments these are; sizes are not checked here. */
export function gemm(
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
): void {
  const aRow = transposeA ? 1 : lda;
  const aColumn = transposeA ? lda : 1;
  const bRow = transposeB ? 1 : ldb;
  const bColumn = transposeB ? ldb : 1;
  if (scratch.values.length < k) scratch = sparseRow(k);
  const isPlain = alpha === 1 && beta === 0;
  const sums = isPlain ? c : new Float32Array(n);

  for (let i = 0; i < m; i += 1) {
    collect(a, i * aRow, aColumn, k, bRow, scratch);
    const isDense = scratch.count * 2 > k;
    if (isPlain && isDense && i + 1 < m) {
      rowPair(a, i * aRow, aRow, aColumn, k, b, bRow, bColumn, n, c, i * ldc, ldc);
      i += 1;
      continue;
    }
    multiplyRow(scratch, b, bColumn, n, sums, isPlain ? i * ldc : 0);
    if (!isPlain) scale(sums, n, alpha, beta, c, i * ldc);
  }
}

/** Lists the elements of a row of `op(A)` that are not 0. */
export function collect(
  a: Float32Array,
  start: number,
  stride: number,
  k: number,
  bRow: number,
  row: SparseRow,
): void {
  const { offsets, values } = row;
  let count = 0;
  let allOnes = true;
  for (let p = 0, at = start; p < k; p += 1, at += stride) {
    const value = a[at]!;
    if (value !== 0) {
      offsets[count] = p * bRow;
      values[count] = value;
      count += 1;
      if (value !== 1) allOnes = false;
    }
  }
  row.count = count;
  row.allOnes = allOnes;
}

/** One row of sums: `out[start + j] = Σ_p row[p] · b[p, j]`. */
export function multiplyRow(
  row: SparseRow,
  b: Float32Array,
  bColumn: number,
  n: number,
  out: Float32Array,
  start: number,
): void {
  const { offsets, values, count } = row;
  let j = 0;
  if (bColumn === 1 && row.allOnes) {
    for (; j + 8 <= n; j += 8) addEight(row, b, j, out, start + j);
  }
  for (; j + 8 <= n; j += 8) multiplyEight(row, b, j * bColumn, bColumn, out, start + j);
  for (; j < n; j += 1) {
    const column = j * bColumn;
    let sum = 0;
    for (let t = 0; t < count; t += 1) {
      sum = fround(sum + fround(values[t]! * b[offsets[t]! + column]!));
    }
    out[start + j] = sum;
  }
}

/** Eight neighbouring sums of a row, from the column that begins at `column` in B. */
function multiplyEight(
  { offsets, values, count }: SparseRow,
  b: Float32Array,
  column: number,
  bColumn: number,
  out: Float32Array,
  at: number,
): void {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let sum4 = 0;
  let sum5 = 0;
  let sum6 = 0;
  let sum7 = 0;
  for (let t = 0; t < count; t += 1) {
    const value = values[t]!;
    let from = offsets[t]! + column;
    sum0 = fround(sum0 + fround(value * b[from]!));
    from += bColumn;
    sum1 = fround(sum1 + fround(value * b[from]!));
    from += bColumn;
    sum2 = fround(sum2 + fround(value * b[from]!));
    from += bColumn;
    sum3 = fround(sum3 + fround(value * b[from]!));
    from += bColumn;
    sum4 = fround(sum4 + fround(value * b[from]!));
    from += bColumn;
    sum5 = fround(sum5 + fround(value * b[from]!));
    from += bColumn;
    sum6 = fround(sum6 + fround(value * b[from]!));
    from += bColumn;
    sum7 = fround(sum7 + fround(value * b[from]!));
  }
  out[at] = sum0;
  out[at + 1] = sum1;
  out[at + 2] = sum2;
  out[at + 3] = sum3;
  out[at + 4] = sum4;
  out[at + 5] = sum5;
  out[at + 6] = sum6;
  out[at + 7] = sum7;
}

/** The same where every value is 1 and neighbours in B lie side by side. */
function addEight(
  { offsets, count }: SparseRow,
  b: Float32Array,
  column: number,
  out: Float32Array,
  at: number,
): void {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let sum4 = 0;
  let sum5 = 0;
  let sum6 = 0;
  let sum7 = 0;
  for (let t = 0; t < count; t += 1) {
    const from = offsets[t]! + column;
    sum0 = fround(sum0 + b[from]!);
    sum1 = fround(sum1 + b[from + 1]!);
    sum2 = fround(sum2 + b[from + 2]!);
    sum3 = fround(sum3 + b[from + 3]!);
    sum4 = fround(sum4 + b[from + 4]!);
    sum5 = fround(sum5 + b[from + 5]!);
    sum6 = fround(sum6 + b[from + 6]!);
    sum7 = fround(sum7 + b[from + 7]!);
  }
  out[at] = sum0;
  out[at + 1] = sum1;
  out[at + 2] = sum2;
  out[at + 3] = sum3;
  out[at + 4] = sum4;
  out[at + 5] = sum5;
  out[at + 6] = sum6;
  out[at + 7] = sum7;
}

/** Two rows of C at once, zeros included, in tiles of 2×4. */
function rowPair(
  a: Float32Array,
  aStart: number,
  aRow: number,
  aColumn: number,
  k: number,
  b: Float32Array,
  bRow: number,
  bColumn: number,
  n: number,
  c: Float32Array,
  cStart: number,
  ldc: number,
): void {
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    let sum00 = 0;
    let sum01 = 0;
    let sum02 = 0;
    let sum03 = 0;
    let sum10 = 0;
    let sum11 = 0;
    let sum12 = 0;
    let sum13 = 0;
    for (let p = 0, at = aStart, bt = j * bColumn; p < k; p += 1, at += aColumn, bt += bRow) {
      const a0 = a[at]!;
      const a1 = a[at + aRow]!;
      const b0 = b[bt]!;
      const b1 = b[bt + bColumn]!;
      const b2 = b[bt + 2 * bColumn]!;
      const b3 = b[bt + 3 * bColumn]!;
      sum00 = fround(sum00 + fround(a0 * b0));
      sum01 = fround(sum01 + fround(a0 * b1));
      sum02 = fround(sum02 + fround(a0 * b2));
      sum03 = fround(sum03 + fround(a0 * b3));
      sum10 = fround(sum10 + fround(a1 * b0));
      sum11 = fround(sum11 + fround(a1 * b1));
      sum12 = fround(sum12 + fround(a1 * b2));
      sum13 = fround(sum13 + fround(a1 * b3));
    }
    const c0 = cStart + j;
    const c1 = c0 + ldc;
    c[c0] = sum00;
    c[c0 + 1] = sum01;
    c[c0 + 2] = sum02;
    c[c0 + 3] = sum03;
    c[c1] = sum10;
    c[c1 + 1] = sum11;
    c[c1 + 2] = sum12;
    c[c1 + 3] = sum13;
  }
  for (; j < n; j += 1) {
    let sum0 = 0;
    let sum1 = 0;
    for (let p = 0, at = aStart, bt = j * bColumn; p < k; p += 1, at += aColumn, bt += bRow) {
      const value = b[bt]!;
      sum0 = fround(sum0 + fround(a[at]! * value));
      sum1 = fround(sum1 + fround(a[at + aRow]! * value));
    }
    c[cStart + j] = sum0;
    c[cStart + ldc + j] = sum1;
  }
}

/** `c[start + j] = alpha · sums[j] + beta · c[start + j]`; with beta 0, c is not read. */
export function scale(
  sums: Float32Array,
  n: number,
  alpha: number,
  beta: number,
  c: Float32Array,
  start: number,
): void {
  for (let j = 0; j < n; j += 1) {
    const scaled = fround(alpha * sums[j]!);
    c[start + j] = beta === 0 ? scaled : fround(scaled + fround(beta * c[start + j]!));
  }
}
