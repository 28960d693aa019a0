import { BitgradError, show } from '../errors.js';
import { checkItems } from '../layers/items.js';
import { type Graph, resolve } from '../network/graph.js';
import { passes } from './checks.js';
import { ABSENT, RECIPE_FIELDS, type RecipeField } from './fields.js';
import { type Recipe, RecipeError, type RecipeInput } from './recipe.js';
import { partsOf } from './split-field.js';

/** Letters of an unknown field's name that are shown. */
const LONGEST_NAME = 60;

/**
 * Checks a recipe that came from outside.
 *
 * @returns the same recipe, with its fields in their one order, so that equal recipes have equal JSON
 * @throws RecipeError at the first field that is missing, unknown or not valid
 */
export function checkRecipe(given: RecipeInput): Recipe {
  if (typeof given !== 'object' || given === null) {
    throw new BitgradError(`recipe: expected an object, received ${show(given)}`);
  }
  const recipe: Recipe = { ...ABSENT, ...given };
  checkNames(recipe);
  const checked = RECIPE_FIELDS.map((field) => [field.name, checkedValue(field, recipe)]);
  const whole = readLayers(Object.fromEntries(checked) as unknown as Recipe);
  checkTogether(whole);
  return whole;
}

/** A name that anybody may have written, in a message of one line. */
function unknownField(field: string): RecipeError {
  const name = field.length > LONGEST_NAME ? `${field.slice(0, LONGEST_NAME)}…` : field;
  return new RecipeError(name as keyof Recipe, 'expected no such field');
}

/** Reads the layers and resolves them once, so that whatever does not fit is said here. */
function readLayers(recipe: Recipe): Recipe {
  try {
    const whole = { ...recipe, layers: checkItems(recipe.layers) };
    checkNorms(whole, resolve(whole));
    return whole;
  } catch (error) {
    if (error instanceof BitgradError) throw new RecipeError('layers', error.message);
    throw error;
  }
}

/**
 * Checks some fields of a recipe, each by itself.
 *
 * @throws RecipeError at the first that is unknown or not valid
 */
export function checkFields(changes: Partial<Recipe>): void {
  checkNames(changes);
  for (const field of RECIPE_FIELDS) {
    if (changes[field.name] !== undefined) checkedValue(field, changes);
  }
}

function checkNames(recipe: Partial<Recipe>): void {
  const known = new Set<string>(RECIPE_FIELDS.map(({ name }) => name));
  const unknown = Object.keys(recipe).find((field) => !known.has(field));
  if (unknown !== undefined) throw unknownField(unknown);
}

function checkedValue({ name, check }: RecipeField, recipe: Partial<Recipe>): unknown {
  const value = recipe[name];
  if (passes(check, value)) return value;
  throw new RecipeError(name, `expected ${check.expected}, received ${show(value)}`);
}

/** A norm of one value a channel has nothing to compare: each step needs several somewhere. */
function checkNorms({ batchSize, shards }: Recipe, { nodes }: Graph): void {
  const rows = Math.ceil(batchSize / shards);
  for (const { spec, item, inputShape } of nodes) {
    const values = rows * (inputShape.length === 3 ? inputShape[0] * inputShape[1] : 1);
    if (spec.type !== 'batchNorm' || values > 1) continue;
    throw new BitgradError(
      `batchNorm (layer ${item}): expected at least 2 values of a channel in a step, received 1 (batch size ${batchSize}, shards ${shards})`,
    );
  }
}

/** What each field allows but not together. */
function checkTogether(recipe: Recipe): void {
  const { optimizer, l2, weightDecay, patience, fold, split, validation } = recipe;
  if (optimizer === 'adamw' && l2 !== 0) {
    throw new RecipeError('l2', 'expected 0 with adamw, which has weightDecay instead');
  }
  if (optimizer !== 'adamw' && weightDecay !== 0) {
    throw new RecipeError('weightDecay', `expected 0 with ${optimizer}, which has l2 instead`);
  }
  if (patience !== null && (!keepsValidation(recipe) || recipe.trainOnValidation)) {
    throw new RecipeError(
      'patience',
      'expected null, because no validation samples are kept apart (split)',
    );
  }
  if (validation > 0 && split !== null) {
    throw new RecipeError('validation', 'expected 0 with a split, which has a share of its own');
  }
  const isAtRandom = split !== null && !partsOf(split).keepsOrder;
  if (fold !== null && !isAtRandom) {
    throw new RecipeError('fold', 'expected null without a split at random');
  }
}

/** Whether a recipe keeps validation samples apart. */
export function keepsValidation({ split, validation }: Pick<Recipe, 'split' | 'validation'>) {
  return split === null ? validation > 0 : partsOf(split).fractions[1] > 0;
}
