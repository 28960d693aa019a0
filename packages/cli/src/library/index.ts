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
  type StateDifference,
  type Verification,
} from '@bitgrad/core';
export type { ExportFormat } from '@bitgrad/formats/export';
export type { Goal, Texts } from '../sweep/plan.js';
export type { Group, Result } from '../sweep/results.js';
export type { Outcome, Stopped, Trial } from '../sweep/trial.js';
export type { ArrayData } from './array-data.js';
export { type BackendChoice, fastestBackend } from './backend.js';
export { type Comparable, type CompareOptions, type Comparison, compare } from './compare.js';
export type { Data } from './data.js';
export { type ImageLike, readImage } from './image.js';
export { load } from './load.js';
export type { Metrics } from './metrics.js';
export {
  type ClassPrediction,
  type Input,
  type Judgement,
  type LabelsPrediction,
  Model,
} from './model.js';
export type { TrainOptions } from './options.js';
export {
  type DrawnRange,
  type SweepOptions,
  type SweepPlan,
  type SweepSummary,
  sweep,
} from './sweep.js';
export { type OutputOf, train } from './train.js';
export { type StretchOptions, type VerifyOptions, verify } from './verify.js';
