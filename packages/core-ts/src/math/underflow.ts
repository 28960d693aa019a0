import { BitgradError } from '../errors.js';

// Read from memory, so that no compiler computes the product beforehand.
const factors = Float32Array.of(1e-30, 1e-10);

/** Whether this thread keeps subnormal numbers, as the contract asks (rule 1). */
export function hasGradualUnderflow(): boolean {
  return Math.fround(factors[0]! * factors[1]!) !== 0;
}

/**
 * @throws BitgradError if subnormal numbers become 0 in this thread, which happens when another
 *   native addon was built with -Ofast or -ffast-math
 */
export function assertGradualUnderflow(): void {
  if (hasGradualUnderflow()) return;
  throw new BitgradError(
    'arithmetic: expected 1e-30 × 1e-10 to be subnormal, received 0: another addon in this process switched to flush-to-zero',
    'use the native backend, or load Bitgrad in a process or worker without that addon',
  );
}
