import type { Backend } from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { expectSameBits, expectSameNumber } from '../compare.js';
import type { KernelGolden } from '../golden-types.js';
import { KERNEL_GOLDENS } from '../goldens/kernels.js';
import { floatsFromHex } from '../hex.js';

/** Each direct kernel against vectors that the Python implementation of the contract computed. */
export function kernelGoldenCases(): GroupCase[] {
  return KERNEL_GOLDENS.map((golden) => ({
    name: `golden: ${golden.name}`,
    run: (backend) => runGolden(backend, golden),
  }));
}

function runGolden(backend: Backend, golden: KernelGolden): void {
  const values = golden.arguments.map((value) =>
    typeof value === 'object' ? floatsFromHex(value.hex) : value,
  );
  const kernel = backend.kernels[golden.kernel] as (...values: unknown[]) => number | undefined;
  const result = kernel(...values);
  const arrays = values.filter((value) => value instanceof Float32Array);
  const before = golden.arguments.filter((value) => typeof value === 'object');
  for (const [at, after] of golden.after.entries()) {
    const expected = floatsFromHex(after ?? before[at]!.hex);
    expectSameBits(arrays[at]!, expected, `${golden.name}, array argument ${at + 1}`);
  }
  if (golden.result !== null) {
    expectSameNumber(result!, floatsFromHex(golden.result)[0]!, `${golden.name}, result`);
  }
}
