export {
  AbortedError,
  type Backend,
  BitgradError,
  compareEpochs,
  type EpochDifference,
  type EpochReport,
  type Evaluation,
  type Mismatch,
  RECIPES,
  type Receipt,
  type Recipe,
  type Verification,
} from '@bitgrad/core';
export type { ExportFormat } from '@bitgrad/formats/export';
export type { ArrayData } from './array-data.js';
export { type BackendChoice, fastestBackend } from './backend.js';
export type { Data } from './data.js';
export { type ImageLike, readImage } from './image.js';
export { load } from './load.js';
export type { Metrics } from './metrics.js';
export { type ClassPrediction, type Input, Model } from './model.js';
export type { TrainOptions } from './options.js';
export { type OutputOf, train } from './train.js';
export { type VerifyOptions, verify } from './verify.js';
