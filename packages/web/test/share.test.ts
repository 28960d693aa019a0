import { RECIPES, type Recipe } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { changedSettings, recipeFrom, recipeProblem, trainCommand } from '../src/state/settings.js';
import { decodeShared, encodeShared } from '../src/state/share.js';

const mnist = RECIPES.mnist!;
const changed: Recipe = {
  ...RECIPES.seed!,
  layers: [784, 128, 64, 10],
  learningRate: 0.1,
  split: null,
  subset: null,
  seed: 9_007_199_254_740_991,
};

describe('the command', () => {
  test('names the recipe alone where nothing was changed', () => {
    expect(trainCommand(mnist)).toBe('bitgrad train --recipe mnist');
  });

  test('names what was changed in the words of the command line', () => {
    expect(trainCommand(changed)).toBe(
      'bitgrad train --recipe seed --subset all --split none --layers 784,128,64,10 --lr 0.1 --seed 9007199254740991',
    );
  });

  test('what was changed gives the recipe back', () => {
    const values = new Map(changedSettings(changed).map(({ option, value }) => [option, value]));
    expect(recipeFrom('seed', values)).toEqual(changed);
  });
});

describe('a share link', () => {
  test.each([
    { recipe: mnist, data: 'all', digest: null } as const,
    { recipe: changed, data: 'first', digest: 'ab'.repeat(32) } as const,
  ])('carries recipe, data and digest there and back', (shared) => {
    expect(decodeShared(encodeShared(shared))).toEqual(shared);
  });

  test('without a recipe there is nothing to take over', () => {
    expect(decodeShared('')).toBeNull();
  });

  test.each([
    ['recipe=none', 'name'],
    ['recipe=toString', 'name'],
    ['recipe=mnist&seed=-1', 'seed'],
    ['recipe=mnist&epochs=', 'epochs'],
    ['recipe=mnist&layers=784,10000000000,10', 'layers'],
    ['recipe=mnist&layers=2,10', 'layers'],
    ['recipe=mnist&preprocess=none', 'preprocess'],
    ['recipe=mnist&digest=xyz', 'digest'],
    ['recipe=mnist&data=some', 'data'],
    ['recipe=mnist&learningRate=0.1', '"learningRate"'],
    ['recipe=mnist&layers=784,40000,40000,10', 'layers'],
  ])('%s is refused, and the message names the %s', (text, field) => {
    expect(() => decodeShared(text)).toThrow(new RegExp(`^${field}:`));
  });
});

describe('a draft', () => {
  test('is checked by field', () => {
    expect(recipeProblem(mnist)).toBeNull();
    expect(recipeProblem({ ...mnist, learningRate: 0 })?.field).toBe('learningRate');
    expect(recipeProblem({ ...mnist, layers: [784, Number.NaN, 10] })?.field).toBe('layers');
  });
});
