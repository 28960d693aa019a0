import type { Backend } from '../backend.js';
import type { Dataset } from '../dataset.js';
import { AbortedError } from '../errors.js';
import type { Model } from '../network/model.js';
import type { RecipeInput } from '../recipe/recipe.js';
import type { Checkpoint } from './checkpoint.js';
import { type Ranks, together } from './ranks.js';
import type { EpochReport, Progress, StartReport, TrainedModel } from './reports.js';
import { type StepGate, throwIfAborted } from './run-pass.js';
import { startingFrom } from './start.js';
import { Training } from './training.js';

export interface TrainOptions {
  readonly recipe: RecipeInput;
  readonly dataset: Dataset;
  readonly backend: Backend;
  /** Goes on from here; the result has the bits of a training without interruption. */
  readonly checkpoint?: Checkpoint | undefined;
  /**
   * Begins with this model's weights instead of random ones; its layers must be the recipe's. The
   * receipt then names them by their digest. A checkpoint has weights of its own.
   */
  readonly start?: Model | undefined;
  /**
   * Those that train together: each calls this with the same recipe, data and checkpoint, and gets the
   * same model. What ends the training on one ends it on all.
   */
  readonly ranks?: Ranks | undefined;
  /** Ends the training between two steps with an AbortedError. */
  readonly signal?: AbortSignal | undefined;
  /** Asked between steps, to slow them down, hold them, or look at the memory; see `PassOptions`. */
  readonly gate?: StepGate | undefined;
  /** Callbacks may return a promise, which is awaited. */
  readonly onStart?: ((report: StartReport, training: Training) => unknown) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called after every epoch; the training may be saved (`training.checkpoint()`) meanwhile. */
  readonly onEpoch?: ((report: EpochReport, training: Training) => unknown) | undefined;
  /** Called when the signal ended the training, which can still be saved as after its last epoch. */
  readonly onAbort?: ((training: Training) => unknown) | undefined;
}

/**
 * Trains a network by a recipe. The same recipe and data give the same bits on every backend.
 *
 * @throws RecipeError or BitgradError if recipe and data are not valid or do not fit;
 *   NonFiniteError, which names the step, where the loss or a parameter stops being finite;
 *   AbortedError if the signal ended the training
 */
export async function train(options: TrainOptions): Promise<TrainedModel> {
  const { dataset, backend, checkpoint, start, signal, ranks, gate } = options;
  const recipe = start ? await startingFrom(options.recipe, start) : options.recipe;
  const training = await Training.open(backend, recipe, dataset, checkpoint, start, ranks);
  try {
    await together(ranks, async () =>
      options.onStart?.(
        { recipe: training.recipe, dataset: training.dataset, epochsDone: training.epoch },
        training,
      ),
    );
    while (!training.isDone) {
      // Ranks agree on it with their first step.
      if (ranks === undefined) throwIfAborted(signal);
      const { stepsPerEpoch } = training;
      const epoch = training.epoch + 1;
      const onProgress = (step: number): void =>
        options.onProgress?.({ epoch, step, stepsPerEpoch });
      const report = await training.runEpoch({ signal, onProgress, gate });
      await together(ranks, async () => options.onEpoch?.(report, training));
    }
    return await training.finish({ signal, gate });
  } catch (error) {
    const isByAnother = ranks !== undefined && error instanceof AbortedError;
    if (signal?.aborted || isByAnother) await options.onAbort?.(training);
    throw error;
  } finally {
    training.close();
  }
}
