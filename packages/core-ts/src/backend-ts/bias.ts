const { fround } = Math;

/** `output[r, j] += bias[j]`. */
export function biasAdd(
  output: Float32Array,
  bias: Float32Array,
  rows: number,
  width: number,
): void {
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let j = 0; j < width; j += 1, at += 1) output[at] = fround(output[at]! + bias[j]!);
  }
}

/** `dBias[j] = Σ_r dOutput[r, j]`, r ascending. */
export function biasGrad(
  dOutput: Float32Array,
  dBias: Float32Array,
  rows: number,
  width: number,
): void {
  dBias.fill(0, 0, width);
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let j = 0; j < width; j += 1, at += 1) dBias[j] = fround(dBias[j]! + dOutput[at]!);
  }
}
