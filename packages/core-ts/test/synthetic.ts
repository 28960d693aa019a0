import type { Dataset } from '../src/dataset.js';
import type { RunRecord } from '../src/file/receipt.js';
import { Stream } from '../src/random/stream.js';
import type { Recipe } from '../src/recipe/recipe.js';
import { RECIPES } from '../src/recipe/recipes.js';

/** Ninety images of 4×4 bytes in three classes that lie apart: the class's row is bright. */
export function smallDataset(changes: Partial<Dataset> = {}): Dataset {
  const stream = new Stream(1, 'split', 99);
  const labels = new Uint32Array(90).map(() => stream.below(3));
  const inputs = new Uint8Array(90 * 16).map((_, at) => {
    const [sample, row] = [Math.floor(at / 16), Math.floor((at % 16) / 4)];
    return row === labels[sample] ? 128 + stream.below(128) : 0;
  });
  return {
    name: 'small',
    inputs,
    features: 16,
    image: { height: 4, width: 4 },
    labels,
    classes: 3,
    trainCount: 70,
    testCount: 20,
    ...changes,
  };
}

/** What might be said of a training's circumstances. */
export const SMALL_RUN: RunRecord = {
  versions: { core: '1.2.3' },
  backend: 'ts',
  isa: 'javascript',
  threads: 1,
  trainSeconds: 1.5,
  samplesPerSecond: 100,
  finishedAt: '2020-01-01T00:00:00.000Z',
};

/** A recipe for it. */
export function smallRecipe(changes: Partial<Recipe> = {}): Recipe {
  return {
    ...RECIPES.mnist!,
    name: 'small',
    layers: [16, 8, 3],
    augment: 'none',
    epochs: 3,
    batchSize: 7,
    ...changes,
  };
}
