import type { GroupCase } from '../case.js';
import { kernelGoldenCases } from './kernel-goldens.js';
import { kernelRuleCases } from './kernel-rules.js';
import { kernelShapeCases } from './kernel-shapes.js';

/** The BLAS-style kernels, called directly. */
export function kernelCases(): GroupCase[] {
  return [...kernelGoldenCases(), ...kernelShapeCases(), ...kernelRuleCases()];
}
