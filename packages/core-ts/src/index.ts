export type { Backend, Kernels, Session } from './backend.js';
export { typescriptBackend } from './backend-ts/backend.js';
export { BOOLEAN_PAIRS, booleanWords, CategoryIndex } from './data/categories.js';
export {
  bareNumber,
  type Cell,
  canonicalNumber,
  type Decimal,
  isMissing,
  numberIn,
  trimmed,
} from './data/cell.js';
export type { ColumnEncoder, RowEncoderOptions } from './data/column-encoder.js';
export { inSentence } from './data/column-name.js';
export { placeOfColumn } from './data/column-place.js';
export {
  type DateOrder,
  dateNumber,
  datePart,
  exampleDate,
  type Moment,
  parseDate,
} from './data/date.js';
export {
  type ColumnEncoding,
  columnWidth,
  type DateEncoding,
  type DatePart,
  decodeTargets,
  encodedWidth,
  featureNames,
  labelNames,
  TABLE_RULES,
  type TableEncoding,
  type TargetEncoding,
} from './data/encoding.js';
export { fillMissing, imputeTable } from './data/fill-missing.js';
export { labelOf, largestAt, type Prediction, predictionOf } from './data/prediction.js';
export { type EncodedRow, encodeRow, RowEncoder, type RowRecord } from './data/row-encoder.js';
export { type Sample, Sampler, type Samples } from './data/sampler.js';
export {
  checkDataset,
  type Dataset,
  type ImageSize,
  imageFeatures,
  outputsOf,
} from './dataset.js';
export { AbortedError, BitgradError, NonFiniteError, printable, show } from './errors.js';
export { decodeCheckpoint, encodeCheckpoint } from './file/checkpoint-file.js';
export { datasetSha256, inputSha256, weightsSha256 } from './file/digest.js';
export { decodeModel, encodeModel, type SavedModel } from './file/model-file.js';
export { CONTRACT, RECEIPT_FORMAT, type Receipt, type RunRecord } from './file/receipt.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type Tensor,
} from './file/safetensors.js';
export { type Hasher, sha256, sha256OfText, useHasher } from './file/sha256.js';
export { checkItems as checkLayers } from './layers/items.js';
export type { Node, Parameter, ParameterSpec, Wired } from './layers/layer.js';
export type { ImageShape, Shape } from './layers/shape.js';
export type * from './layers/spec.js';
export { layersText, parseLayers } from './layers/text.js';
export { poolWindowOf, wholeWindowOf, windowOf } from './layers/window.js';
export { exp } from './math/exp.js';
export { log } from './math/log.js';
export { sigmoid } from './math/sigmoid.js';
export { tanh } from './math/tanh.js';
export type { ClassMetrics } from './metrics/class-metrics.js';
export type { LabelMetrics, MultiLabelMetrics } from './metrics/label-metrics.js';
export { type Metrics, type Scores, scoresOf, type TargetScores } from './metrics/metrics.js';
export type { NumberMetrics } from './metrics/number-metrics.js';
export {
  compileInference,
  compileTraining,
  EVALUATION_ROWS,
  type TrainingPlan,
} from './network/compile.js';
export { completeLayers } from './network/complete.js';
export { type Graph, resolve, wire } from './network/graph.js';
export type { InputPlan } from './network/input.js';
export type { Model } from './network/model.js';
export { denseWidths, type LossName, type Network, type Task, taskOf } from './network/network.js';
export type { OptimizerName, OptimizerPlan } from './network/optimizers.js';
export {
  initialParameters,
  parameterCount,
  parameterShapes,
  readParameters,
  writeParameters,
} from './network/parameters.js';
export { Predictor } from './network/predictor.js';
export { type LayerSummary, summarize } from './network/summary.js';
export type { Memory } from './program/memory.js';
export type * from './program/ops.js';
export {
  COUNT,
  type Entry,
  type EntryName,
  type Layout,
  POSITION,
  type Program,
  planMemory,
  type Slice,
  type SliceDeclaration,
  type SliceType,
  STEP,
} from './program/program.js';
export type { SampleMemory } from './program/sample-memory.js';
export { beginPass } from './program/session.js';
export { philox4x32 } from './random/philox.js';
export { type Purpose, range, Stream } from './random/stream.js';
export { checkFields, checkRecipe } from './recipe/check-recipe.js';
export { RECIPE_FIELDS, type RecipeField, recipeText } from './recipe/fields.js';
export {
  type OptionalField,
  type Recipe,
  RecipeError,
  type RecipeInput,
  startDigest,
} from './recipe/recipe.js';
export { RECIPES } from './recipe/recipes.js';
export { partsOf, type SplitField } from './recipe/split-field.js';
export { parseDecimal, parseInteger, type TextForm } from './recipe/text.js';
export { type Augmentation, drawMaps, drawShifts, parseAugmentation } from './train/augment.js';
export {
  type Checkpoint,
  checkAgainstReceipt,
  checkCheckpoint,
  compareToReceipt,
} from './train/checkpoint.js';
export { completeClassWeights, type WeightsByName } from './train/class-weights.js';
export {
  compareEpochs,
  compareStates,
  compareSteps,
  type EpochDifference,
  type StateDifference,
  type StepsComparison,
  type StepsOptions,
  type Told,
} from './train/compare.js';
export type { Best } from './train/early-stopping.js';
export { type Evaluation, evaluate } from './train/evaluate.js';
export { areNearlyEqual } from './train/ink.js';
export { checkArena, type MemoryNeeded, memoryNeeded } from './train/memory-needed.js';
export { predictSamples } from './train/predict-samples.js';
export { type Ranks, together } from './train/ranks.js';
export { changeRecipe, recipeFor, recipeForInTurns, usualRecipe } from './train/recipe-for.js';
export type {
  EpochReport,
  Mismatch,
  Progress,
  StartReport,
  TrainedModel,
} from './train/reports.js';
export type { PassOptions, StepGate } from './train/run-pass.js';
export {
  adamScalars,
  epochRates,
  parseSchedule,
  type RatePlan,
  type Schedule,
} from './train/schedule.js';
export { shareDataset } from './train/share-dataset.js';
export { type Split, type SplitOptions, splitDataset } from './train/split.js';
export { measure, type Standardization, standardize } from './train/standardize.js';
export { type State, stateSha256 } from './train/state.js';
export { type TrainOptions, train } from './train/train.js';
export { Training } from './train/training.js';
export { type Verification, type VerifyOptions, verify } from './train/verify.js';
export { ownTurn } from './turns.js';
