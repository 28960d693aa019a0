import type { EpochReport, Progress, Recipe, SavedModel, WeightsByName } from '@bitgrad/core';
import type { LoadOptions } from '@bitgrad/formats/table';
import type { BackendChoice } from './backend.js';
import type { Model } from './model.js';

/** How to train: the recipe's fields under their own names, and the rest. */
export interface TrainOptions
  extends Partial<Omit<Recipe, 'name' | 'classWeights' | 'layers'>>,
    LoadOptions {
  /** As a list, or as the command reads them: `64,32`, or `28x28,conv32,norm,pool,10`. */
  readonly layers?: Recipe['layers'] | string;
  /** Of each class by its name (all others 1), as a list, or `balanced`. */
  readonly classWeights?: Recipe['classWeights'] | WeightsByName;
  /** The recipe to begin from, by name or whole, where not the one that is usual for such data. */
  readonly recipe?: string | Recipe;
  /** `auto`, the fastest that runs here, if left out. */
  readonly backend?: BackendChoice;
  /** A model whose weights come first; its layers must be those of the new one. */
  readonly start?: Model<unknown> | SavedModel;
  /** Called after each epoch; a promise is awaited. */
  readonly onEpoch?: (report: EpochReport) => unknown;
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the training between two steps with an AbortedError. */
  readonly signal?: AbortSignal;
}
