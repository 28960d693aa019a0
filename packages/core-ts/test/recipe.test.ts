import { describe, expect, it } from 'vitest';
import { checkRecipe } from '../src/recipe/check-recipe.js';
import { passes } from '../src/recipe/checks.js';
import { RECIPE_FIELDS, recipeText } from '../src/recipe/fields.js';
import { type Recipe, RecipeError } from '../src/recipe/recipe.js';
import { RECIPES } from '../src/recipe/recipes.js';
import { smallRecipe } from './synthetic.js';

const nan = Number.NaN;
const infinity = Number.POSITIVE_INFINITY;

/** What is meant where a field is left out; model files rely on it. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  warmup: 0,
  momentum: 0.9,
  weightDecay: 0,
  dropout: 0,
  loss: 'cross-entropy',
  classWeights: 'none',
  shards: 1,
  standardize: false,
  patience: null,
  stratify: false,
  fold: null,
  validation: 0,
  standardizeTargets: false,
};

/** Values that each field must refuse. */
const BAD: Readonly<Record<keyof Recipe, readonly unknown[]>> = {
  name: ['', 1, null, undefined],
  subset: [0, -1, 1.5, nan, '5', undefined, 2 ** 31],
  split: [
    [0.7, 0.3],
    [0.7, 0.15, 0.15, 0],
    [0.7, 0.15, 0.2],
    [0, 0.5, 0.5],
    [1.5, -0.25, -0.25],
    [nan, 0.5, 0.5],
    ['0.7', 0.15, 0.15],
    '0.7,0.15,0.15',
    'time:0.7,0.15',
    'time:0,0.5,0.5',
    'time:',
    'order:0.7,0.15,0.15',
    undefined,
    {},
  ],
  preprocess: ['', 'standardize', null, 1],
  layers: [
    [],
    [784],
    [784, 0, 10],
    [784, -1, 10],
    [784, 1.5, 10],
    [784, nan, 10],
    [784, '32', 10],
    [2 ** 21, 10],
    '784,10',
    null,
    { length: 2 },
  ],
  activation: ['gelu', 'ReLU', '', null, 'toString', '__proto__'],
  outputActivation: ['sigmoid', '', null],
  initializer: [
    '',
    'glorot',
    'normal',
    'normal:',
    'normal:0',
    'normal:-1',
    'normal:x',
    'normal:1:2',
    'normal:Infinity',
    1,
    null,
  ],
  optimizer: ['rmsprop', 'none', '', null],
  learningRate: [0, -0.1, nan, infinity, 1e39, 1e-50, '0.1', null],
  schedule: ['', 'linear', 'step:0,1', 1, null],
  l2: [-1, nan, infinity, 1e39, '0', null],
  warmup: [-1, 1.5, nan, '0', null],
  momentum: [-0.1, 1, nan, '0.9', null],
  weightDecay: [-1, nan, infinity, '0', null],
  dropout: [-0.1, 1, 0.99999999999, nan, '0', null],
  loss: ['', 'hinge', null],
  classWeights: ['', 'even', [1, 0], [1, -1], [1, nan], [1, '1'], null],
  shards: [0, -1, 1.5, 2000, null],
  standardize: [0, 'true', 'all', null],
  patience: [0, -1, 1.5, '1'],
  batchSize: [0, -1, 1.5, nan, infinity, '1', null, 2 ** 31],
  epochs: [0, -1, 1.5, nan, '1', null],
  seed: [-1, 0.5, nan, 2 ** 53, '1', null, undefined],
  augment: [
    '',
    'shift',
    'shift:0',
    'shift:-1',
    'shift:1.5',
    'shift:1000',
    'turn',
    'flip+',
    1,
    null,
  ],
  trainOnValidation: [0, 1, 'true', null, undefined],
  stratify: [0, 'true', null],
  fold: ['', '0/5', '6/5', '1/1', '5', '1/5/2', 1],
  validation: [-0.1, 1, nan, '0', null],
  standardizeTargets: [0, 'true', null],
};

describe('checkRecipe', () => {
  it('accepts every recipe that comes along', () => {
    for (const recipe of Object.values(RECIPES)) expect(checkRecipe(recipe)).toEqual(recipe);
    expect(Object.keys(RECIPES)).toEqual([
      'mnist',
      'seed',
      'listing',
      'mnist-best',
      'mnist-conv',
      'mnist-conv-best',
      'fashion-conv',
      'images',
      'table',
      'table-regression',
    ]);
  });

  for (const [field, values] of Object.entries(BAD)) {
    it(`refuses a bad ${field}`, () => {
      for (const value of values) {
        const act = () => checkRecipe({ ...smallRecipe(), [field]: value });
        expect(act, String(value)).toThrow(RecipeError);
        expect(act, String(value)).toThrow(new RegExp(`^${field}: expected .*received`));
      }
    });

    it(`refuses a recipe without ${field}, or knows what that means`, () => {
      const { [field as keyof Recipe]: _, ...rest } = smallRecipe();
      const default_ = DEFAULTS[field];
      if (default_ === undefined) {
        expect(() => checkRecipe(rest as Recipe)).toThrow(`${field}: expected`);
      } else {
        expect(checkRecipe(rest as Recipe)).toHaveProperty(field, default_);
      }
    });
  }

  it('refuses fields that it does not know, whatever their name', () => {
    for (const name of ['momentums', 'toString', 'constructor', 'hasOwnProperty', '__proto__']) {
      const recipe = JSON.parse(
        JSON.stringify(smallRecipe()).replace('{', `{"${name}":1,`),
      ) as Recipe;
      expect(() => checkRecipe(recipe), name).toThrow(`${name}: expected no such field`);
    }
  });

  it('refuses what is no object', () => {
    for (const value of [null, undefined, 'mnist', 1]) {
      expect(() => checkRecipe(value as unknown as Recipe)).toThrow('recipe: expected an object');
    }
  });

  it('puts fields in one order, so that equal recipes have equal JSON', () => {
    const recipe = smallRecipe();
    const reversed = Object.fromEntries(Object.entries(recipe).reverse()) as unknown as Recipe;
    expect(JSON.stringify(checkRecipe(reversed))).toBe(JSON.stringify(checkRecipe(recipe)));
  });

  it('accepts values at the ends of their ranges', () => {
    for (const changes of [
      { seed: 0 },
      { seed: 2 ** 53 - 1 },
      { l2: 0 },
      { learningRate: 1e30 },
      { batchSize: 2 ** 31 - 1 },
      { layers: [1, 1] },
      { split: [1, 0, 0] },
      { augment: 'shift:999' },
    ] as Partial<Recipe>[]) {
      expect(() => checkRecipe(smallRecipe(changes))).not.toThrow();
    }
  });
});

describe('the text of a field', () => {
  const recipes = [...Object.values(RECIPES), { ...smallRecipe(), classWeights: [1, 2.5] }];

  it.each(RECIPE_FIELDS)('$name is read back as it was written', (field) => {
    for (const recipe of recipes as Recipe[]) {
      expect(field.text.parse(recipeText(field, recipe))).toEqual(recipe[field.name]);
    }
  });

  it('is left as it is where it stands for no value, so that the check can show it', () => {
    for (const { name, text, check } of RECIPE_FIELDS) {
      const wrong = name === 'name' ? '' : '1,x';
      expect(text.parse(wrong), name).toBe(wrong);
      expect(passes(check, wrong), name).toBe(false);
    }
  });
});
