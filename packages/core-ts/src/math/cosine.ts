/**
 * cos(πx) for x from 0 to 1, in binary64 `+ − ×` alone, so that every engine gives the same bits.
 * The error is below 4·10^−16; golden values pin the bits.
 */
export function cosineOfPi(x: number): number {
  // cos(πx) = −cos(π(1 − x)), and near the middle cos(πx) = sin(π(½ − x)): arguments stay below π/4.
  if (x > 0.75) return -cosineNearZero(Math.PI * (1 - x));
  if (x < 0.25) return cosineNearZero(Math.PI * x);
  return sineNearZero(Math.PI * (0.5 - x));
}

/** Taylor's series in Horner's form; the first term left out is below 2^−56 for |x| ≤ π/4. */
function cosineNearZero(x: number): number {
  const square = x * x;
  let sum = 0;
  for (let term = 8; term >= 1; term -= 1) {
    sum = (-square / ((2 * term - 1) * (2 * term))) * (1 + sum);
  }
  return 1 + sum;
}

function sineNearZero(x: number): number {
  const square = x * x;
  let sum = 0;
  for (let term = 8; term >= 1; term -= 1) {
    sum = (-square / (2 * term * (2 * term + 1))) * (1 + sum);
  }
  return x + x * sum;
}
