import { expect, test } from 'vitest';
import type { Backend } from '../src/backend.js';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { BitgradError } from '../src/errors.js';
import { encodeCheckpoint } from '../src/file/checkpoint-file.js';
import { memoryNeeded } from '../src/train/memory-needed.js';
import { Training } from '../src/train/training.js';
import { smallDataset, smallRecipe } from './synthetic.js';

const RECIPES = [
  {},
  { optimizer: 'adam', layers: [16, 9, 3] },
  { optimizer: 'momentum', split: [0.6, 0.2, 0.2], patience: 3 },
] as const;

test.each(RECIPES)('is what a session allocates and a checkpoint holds: %o', async (changes) => {
  const recipe = smallRecipe(changes);
  const backend = typescriptBackend();
  let arena = 0;
  const watched: Backend = {
    ...backend,
    open(program) {
      arena = program.bytes;
      return backend.open(program);
    },
  };
  const training = await Training.open(watched, recipe, smallDataset());
  await training.runEpoch();
  const { state, best } = training.checkpoint();
  const bytes = [...state.values(), ...(best ? [best.parameters] : [])].reduce(
    (sum, { byteLength }) => sum + byteLength,
    0,
  );
  const needed = memoryNeeded(training.recipe, smallDataset());
  expect(needed.arena).toBe(arena);
  expect(needed.total).toBeGreaterThanOrEqual(arena + 2 * bytes);
  expect((await encodeCheckpoint(training.checkpoint())).byteLength).toBeGreaterThan(bytes);
});

test('a training that no backend can hold is refused before a weight is drawn', async () => {
  const recipe = smallRecipe({ layers: [16, 1048576, 1048576, 3] });
  const opening = Training.open(typescriptBackend(), recipe, smallDataset());
  await expect(opening).rejects.toThrow(BitgradError);
  await expect(opening).rejects.toThrow('memory: expected a training that works on at most');
});
