import { type Backend, train } from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { makeDataset } from '../dataset.js';
import type { TrainingGolden } from '../golden-types.js';
import { TRAINING_GOLDENS } from '../goldens/trainings.js';
import { imageTrainingCases } from './image-trainings.js';

/**
 * Whole trainings against pinned results. The Python implementation of the contract made them: no
 * backend's own digests are its judge.
 */
export function trainingCases(): GroupCase[] {
  const plain = TRAINING_GOLDENS.map((golden) => ({
    name: golden.recipe.name,
    run: (backend: Backend) => runTraining(backend, golden),
  }));
  return [...plain, ...imageTrainingCases()];
}

async function runTraining(
  backend: Backend,
  { recipe, dataset, expected }: TrainingGolden,
): Promise<void> {
  const epochs: { digest: string; loss: number }[] = [];
  const { receipt } = await train({
    recipe,
    dataset: makeDataset(dataset),
    backend,
    onEpoch: ({ weightsSha256, loss }) => epochs.push({ digest: weightsSha256, loss }),
  });
  const expectSame = (what: string, actual: unknown, wanted: unknown): void => {
    if (Object.is(actual, wanted)) return;
    throw new Error(`${what}: expected ${wanted}, received ${actual}`);
  };
  for (const [at, digest] of expected.digests.entries()) {
    expectSame(`epoch ${at + 1}, weightsSha256`, epochs[at]?.digest, digest);
    expectSame(`epoch ${at + 1}, mean loss`, epochs[at]?.loss, expected.losses[at]);
  }
  expectSame('epochs', epochs.length, expected.digests.length);
  for (const what of [
    'validationAccuracy',
    'validationLoss',
    'testAccuracy',
    'testLoss',
  ] as const) {
    expectSame(what, receipt[what], expected[what]);
  }
}
