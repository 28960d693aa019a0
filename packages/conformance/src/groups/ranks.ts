import {
  type Backend,
  type Dataset,
  type RecipeInput,
  train,
  typescriptBackend,
} from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { makeCrew } from '../crew.js';
import { makeDataset } from '../dataset.js';
import { IMAGE_TRAINING_DIGESTS } from '../goldens/image-trainings.js';
import { TRAINING_GOLDENS } from '../goldens/trainings.js';
import { imageTraining } from './image-trainings.js';

/** Pinned trainings in shards, and how many ranks do them. */
const TRAININGS: Readonly<Record<string, readonly number[]>> = {
  'three shards': [2],
  'seven shards of five rows, adam': [3],
  'dropout of both kinds, adam, shards': [3],
  'more shards than rows in the last step, norms, momentum': [4],
};

/**
 * Trainings that several ranks do together, against the digests of the same trainings by one. Every
 * second rank is the TypeScript backend's.
 */
export function rankCases(): GroupCase[] {
  return Object.entries(TRAININGS).flatMap(([name, sizes]) =>
    sizes.map((size) => ({
      name: `${name}: ${size} ranks`,
      run: (backend: Backend) => trainTogether(name, size, backend),
    })),
  );
}

async function trainTogether(name: string, size: number, backend: Backend): Promise<void> {
  const { recipe, dataset, expected } = pinned(name);
  const models = await Promise.all(
    makeCrew(size).map((ranks) =>
      train({
        recipe,
        dataset,
        ranks,
        backend: ranks.rank % 2 === 1 ? typescriptBackend() : backend,
      }),
    ),
  );
  for (const [rank, { receipt }] of models.entries()) {
    if (receipt.weightsSha256 === expected) continue;
    throw new Error(
      `rank ${rank}, weightsSha256: expected ${expected}, received ${receipt.weightsSha256}`,
    );
  }
}

function pinned(name: string): { recipe: RecipeInput; dataset: Dataset; expected: string } {
  const golden = TRAINING_GOLDENS.find(({ recipe }) => recipe.name === name);
  if (golden === undefined) {
    return { ...imageTraining(name), expected: IMAGE_TRAINING_DIGESTS[name]! };
  }
  const { recipe, dataset, expected } = golden;
  return { recipe, dataset: makeDataset(dataset), expected: expected.digests.at(-1)! };
}
