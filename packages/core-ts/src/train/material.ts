import { imputing } from '../data/fill-missing.js';
import type { Dataset } from '../dataset.js';
import { sha256OfText } from '../file/sha256.js';
import type { Model } from '../network/model.js';
import type { Program } from '../program/program.js';
import { checkRecipe } from '../recipe/check-recipe.js';
import type { Recipe, RecipeInput } from '../recipe/recipe.js';
import { inTurns, ownTurn } from '../turns.js';
import type { Checkpoint } from './checkpoint.js';
import { checkSplit } from './epoch-plan.js';
import { checkFit } from './fit.js';
import { checkArena } from './memory-needed.js';
import { compileRecipe, measuringTable, measuringTargets } from './prepare.js';
import { type Split, splitting } from './split.js';
import type { Standardization } from './standardize.js';
import { firstParameters } from './start.js';

/** What a training is made of, before any backend has memory for it. */
export interface Material {
  readonly recipe: Recipe;
  readonly raw: Dataset;
  /** Without missing numbers. */
  readonly whole: Dataset;
  readonly split: Split;
  readonly standardization: Standardization | null;
  readonly targets: Standardization | null;
  readonly program: Program;
  /** Of the program of one process alone: what ranks do is the same training. */
  readonly programSha256: string;
  readonly first: Float32Array | Checkpoint;
}

/**
 * Checks recipe and data, measures and compiles.
 *
 * @param isShared whether ranks do each step together
 * @throws RecipeError or BitgradError if they are not valid or do not fit
 */
export async function prepareMaterial(
  uncheckedRecipe: RecipeInput,
  raw: Dataset,
  checkpoint: Checkpoint | undefined,
  start: Model | undefined,
  isShared: boolean,
): Promise<Material> {
  await ownTurn();
  const recipe = checkRecipe(uncheckedRecipe);
  checkFit(recipe, raw);
  const split = await inTurns(splitting(raw, recipe));
  checkSplit(recipe, split);
  checkArena(compileRecipe(recipe, raw, split, isShared).bytes);
  await ownTurn();
  const first = checkpoint ?? (await firstParameters(recipe, start));
  const whole = await inTurns(imputing(raw, split.train));
  const standardization = await inTurns(measuringTable(recipe, whole, split));
  const targets = await inTurns(measuringTargets(recipe, whole, split));
  const program = compileRecipe(recipe, whole, split, isShared);
  const told = isShared ? compileRecipe(recipe, whole, split) : program;
  const programSha256 = await sha256OfText(JSON.stringify(told));
  return {
    ...{ recipe, raw, whole, split, standardization, targets },
    ...{ program, programSha256, first },
  };
}
