import { BitgradError } from '../errors.js';
import { CONTRACT, type Receipt } from '../file/receipt.js';
import type { Recipe } from '../recipe/recipe.js';
import type { Best } from './early-stopping.js';
import type { State } from './state.js';

/** What is needed to go on with a training after a whole epoch. */
export interface Checkpoint {
  readonly contract: number;
  readonly recipe: Recipe;
  readonly dataset: Receipt['dataset'];
  /** `weightsSha256` after each epoch done. */
  readonly epochs: readonly string[];
  readonly state: State;
  /** The best epoch so far, if the recipe has patience. */
  readonly best: Best | null;
  readonly trainSeconds: number;
}

/**
 * Checks that a checkpoint belongs to a training.
 *
 * @throws BitgradError that names what differs
 */
export function checkCheckpoint(
  checkpoint: Checkpoint,
  recipe: Recipe,
  dataset: Receipt['dataset'],
): void {
  if (checkpoint.contract !== CONTRACT) {
    throw new BitgradError(
      `checkpoint: expected contract version ${CONTRACT}, received ${checkpoint.contract}`,
    );
  }
  for (const field of Object.keys(recipe) as (keyof Recipe)[]) {
    const [expected, received] = [recipe[field], checkpoint.recipe[field]].map((value) =>
      JSON.stringify(value),
    );
    if (expected !== received) {
      throw new BitgradError(
        `checkpoint: expected ${field} ${expected}, received ${received}`,
        'resume with the recipe that the checkpoint was made with',
      );
    }
  }
  if (checkpoint.dataset.inputSha256 !== dataset.inputSha256) {
    throw new BitgradError(
      `checkpoint: expected data with SHA-256 ${checkpoint.dataset.inputSha256}, received ${dataset.inputSha256} (${dataset.name})`,
      'resume with the data that the checkpoint was made with',
    );
  }
}
