import type { Backend, Session } from '../backend.js';
import type { Dataset } from '../dataset.js';
import { NonFiniteError } from '../errors.js';
import { datasetSha256, inputSha256, weightsSha256 } from '../file/digest.js';
import { CONTRACT, type Receipt } from '../file/receipt.js';
import { sha256OfText } from '../file/sha256.js';
import { compileTraining } from '../model/compile.js';
import type { Model } from '../model/model.js';
import {
  initialParameters,
  parameterShapes,
  readParameters,
  writeParameters,
} from '../model/parameters.js';
import type { Program } from '../program/program.js';
import { Stream } from '../random/stream.js';
import { checkRecipe, type Recipe } from '../recipe.js';
import { drawShifts, parseAugmentation } from './augment.js';
import { evaluateSession, meanLoss, writeSamples } from './evaluate.js';
import { checkFit } from './fit.js';
import { runPass, throwIfAborted } from './run-pass.js';
import { epochRates, parseSchedule } from './schedule.js';
import { type Split, splitDataset } from './split.js';

/** What is known after an epoch. */
export interface EpochReport {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean training loss over the epoch's samples, each seen with the weights of its step. */
  readonly loss: number;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  /** Training alone: shuffle, gather and steps. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
  readonly weightsSha256: string;
}

/** What is known before the first step. */
export interface StartReport {
  readonly recipe: Recipe;
  readonly dataset: Receipt['dataset'];
}

export interface Progress {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps of this epoch done so far. */
  readonly step: number;
  readonly stepsPerEpoch: number;
}

export interface TrainOptions {
  readonly recipe: Recipe;
  readonly dataset: Dataset;
  readonly backend: Backend;
  /** Ends the training between two steps with an AbortedError. */
  readonly signal?: AbortSignal | undefined;
  readonly onStart?: ((report: StartReport) => void) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onEpoch?: ((report: EpochReport) => void) | undefined;
}

export interface TrainedModel extends Model {
  readonly receipt: Receipt;
  /** Training alone, in seconds. */
  readonly trainSeconds: number;
  readonly samplesPerSecond: number;
}

/**
 * Trains a network by a recipe. The same recipe and data give the same bits on every backend.
 *
 * @throws RecipeError or BitgradError if recipe and data are not valid or do not fit;
 *   NonFiniteError, which names the step, where the loss or a parameter stops being finite
 */
export async function train(options: TrainOptions): Promise<TrainedModel> {
  const { dataset, backend, signal, onStart, onProgress, onEpoch } = options;
  const recipe = checkRecipe(options.recipe);
  checkFit(recipe, dataset);
  const split = splitDataset(dataset, recipe);
  const program = compileRecipe(recipe, dataset, split);
  const session = backend.open(program);
  try {
    const start: StartReport = { recipe, dataset: await describeDataset(recipe, dataset, split) };
    writeSamples(session, dataset);
    writeParameters(
      session.memory,
      recipe,
      initialParameters(recipe, recipe.initializer, recipe.seed),
    );
    onStart?.(start);

    const digests: string[] = [];
    let trainSeconds = 0;
    let samples = 0;
    let steps = 0;
    for (let epoch = 0; epoch < recipe.epochs; epoch += 1) {
      throwIfAborted(signal);
      const begun = performance.now();
      const pass = beginEpoch(session, recipe, split, epoch);
      const report = (step: number): void =>
        onProgress?.({ epoch: epoch + 1, step, stepsPerEpoch: pass.steps });
      await runPass(session, program, 'train', pass.count, { signal, onProgress: report }).catch(
        (error: unknown) => {
          throw inRun(error, epoch, pass.steps);
        },
      );
      const seconds = (performance.now() - begun) / 1000;
      trainSeconds += seconds;
      samples += pass.count;
      steps += pass.steps;

      const loss = meanLoss(session, pass.count);
      const parameters = readParameters(session.memory, recipe);
      checkFinite(parameters, recipe, steps);
      const digest = await weightsSha256(parameters);
      digests.push(digest);
      const validation = await look(session, program, dataset, split.validation, steps, signal);
      onEpoch?.({
        epoch: epoch + 1,
        loss,
        validationLoss: validation.loss,
        validationAccuracy: validation.accuracy,
        seconds,
        samplesPerSecond: pass.count / seconds,
        weightsSha256: digest,
      });
    }

    const parameters = readParameters(session.memory, recipe);
    const validation = await look(session, program, dataset, split.validation, steps, signal);
    const test = await look(session, program, dataset, split.test, steps, signal);
    const receipt: Receipt = {
      contract: CONTRACT,
      recipe,
      dataset: start.dataset,
      programSha256: await sha256OfText(JSON.stringify(program)),
      epochs: digests,
      weightsSha256: digests.at(-1)!,
      validationAccuracy: validation.accuracy,
      validationLoss: validation.loss,
      testAccuracy: test.accuracy,
      testLoss: test.loss,
    };
    return { recipe, parameters, receipt, trainSeconds, samplesPerSecond: samples / trainSeconds };
  } finally {
    session.close();
  }
}

/** The program that a recipe's training runs. */
export function compileRecipe(recipe: Recipe, dataset: Dataset, split: Split): Program {
  const trained = split.train.length + (recipe.trainOnValidation ? split.validation.length : 0);
  const { shift } = parseAugmentation(recipe.augment);
  return compileTraining(
    recipe,
    {
      sampleCount: dataset.labels.length,
      capacity: Math.max(trained, split.validation.length, split.test.length),
      preprocess: recipe.preprocess,
      shift: shift > 0 ? dataset.image : null,
    },
    recipe,
  );
}

/** Writes what the epoch's pass needs: the order of its samples, their shifts, the learning rates. */
function beginEpoch(
  session: Session,
  recipe: Recipe,
  split: Split,
  epoch: number,
): { count: number; steps: number } {
  const { memory } = session;
  const { seed, batchSize, epochs, learningRate } = recipe;
  const order = split.train.slice();
  new Stream(seed, 'shuffle', epoch).shuffle(order);
  memory.u32('order').set(order);
  let count = order.length;
  if (recipe.trainOnValidation) {
    const validation = split.validation.slice();
    new Stream(seed, 'validationShuffle', epoch).shuffle(validation);
    memory.u32('order').set(validation, count);
    count += validation.length;
  }
  const augmentation = parseAugmentation(recipe.augment);
  if (augmentation.shift > 0)
    drawShifts(memory.i32('shifts').subarray(0, 2 * count), augmentation, seed, epoch);
  const steps = Math.ceil(count / batchSize);
  memory
    .f32('rates')
    .set(epochRates(parseSchedule(recipe.schedule), learningRate, epoch, epochs, steps));
  return { count, steps };
}

/** Evaluates the weights that `steps` steps of training made. */
async function look(
  session: Session,
  program: Program,
  dataset: Dataset,
  indices: Uint32Array,
  steps: number,
  signal: AbortSignal | undefined,
): Promise<{ accuracy: number | null; loss: number | null }> {
  if (indices.length === 0) return { accuracy: null, loss: null };
  try {
    return await evaluateSession(session, program, dataset, indices, { signal });
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    throw new NonFiniteError(
      `training: expected a finite loss of the evaluation after step ${steps}, received one that is not`,
      steps - 1,
      error.fix,
    );
  }
}

async function describeDataset(
  recipe: Recipe,
  dataset: Dataset,
  split: Split,
): Promise<Receipt['dataset']> {
  const { name, features, classes, image } = dataset;
  return {
    name,
    sha256: dataset.sha256 ?? (await datasetSha256(dataset)),
    inputSha256: await inputSha256(dataset, recipe.preprocess),
    features,
    classes,
    image,
    train: split.train.length,
    validation: split.validation.length,
    test: split.test.length,
  };
}

/** Says where in the run a pass found a value that is not finite. */
function inRun(error: unknown, epoch: number, stepsPerEpoch: number): unknown {
  if (!(error instanceof NonFiniteError)) return error;
  const step = epoch * stepsPerEpoch + error.step;
  return new NonFiniteError(
    `training: expected a finite loss, received one that is not at step ${step + 1} (epoch ${epoch + 1}, step ${error.step + 1} of ${stepsPerEpoch})`,
    step,
    error.fix,
  );
}

function checkFinite(parameters: Float32Array, recipe: Recipe, steps: number): void {
  const at = parameters.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const { name } = parameterShapes(recipe).find(({ start, length }) => at < start + length)!;
  throw new NonFiniteError(
    `training: expected finite parameters, received ${parameters[at]} in ${name} after step ${steps}`,
    steps - 1,
    'a lower learning rate usually helps',
  );
}
