import type { GroupCase } from '../case.js';
import { gemmCases } from './gemm-shapes.js';
import { imageCases } from './image-shapes.js';
import { layerCases } from './layer-shapes.js';
import { learningCases } from './learning-shapes.js';
import { opGoldenCases } from './op-goldens.js';
import { sampleCases } from './sample-shapes.js';

/** Each op alone: against golden vectors, and against the TypeScript backend over many shapes. */
export function opCases(): GroupCase[] {
  return [
    ...opGoldenCases(),
    ...gemmCases(),
    ...layerCases(),
    ...sampleCases(),
    ...learningCases(),
    ...imageCases(),
  ];
}
