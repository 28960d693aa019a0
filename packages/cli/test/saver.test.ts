import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Dataset,
  decodeCheckpoint,
  RECIPES,
  Training,
  typescriptBackend,
} from '@bitgrad/core';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { makeSaver } from '../src/train/saver.js';
import { temporaryFolder } from './temporary.js';

const dataset: Dataset = {
  ...{ name: 'few', features: 2, image: null, classes: 2, trainCount: 8, testCount: 0 },
  inputs: new Uint8Array(16).map((_, at) => at),
  labels: Uint32Array.from([0, 1, 0, 1, 0, 1, 0, 1]),
};
const recipe = {
  ...RECIPES.mnist!,
  ...{ layers: [2, 2, 2], augment: 'none', validation: 0, patience: null, epochs: 9 },
} as const;

async function begin() {
  const target = join(temporaryFolder(), 'run.checkpoint');
  const named = { checkpoint: target, checkpointTarget: target, checkpointEvery: 5 };
  const outputs = { ...named, out: 'm', outTarget: 'm', isOutNamed: true };
  const more = { log: undefined, plot: undefined, plotTarget: undefined };
  const saverOf = (isHeard: boolean) => makeSaver({ ...outputs, ...more }, [], isHeard);
  const training = await Training.open(typescriptBackend(), recipe, dataset);
  const epochsSaved = async () =>
    existsSync(target) ? (await decodeCheckpoint(readFileSync(target), 'it')).epochs.length : null;
  return { saverOf, training, epochsSaved };
}

const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
afterEach(() => said.mockClear());
// Other files' tests follow in this process.
afterAll(() => said.mockRestore());

test('a training that is ended in a step is saved as after its last epoch, though none was due', async () => {
  const { saverOf, training, epochsSaved } = await begin();
  const saver = saverOf(true);
  await training.runEpoch();
  await saver.epoch(training);
  expect(await epochsSaved()).toBe(null);
  const step = training.runEpoch();
  expect(await saver.sayGoodbye()).toBe(true);
  expect(await epochsSaved()).toBe(1);
  expect(said.mock.calls.join('')).toMatch(
    /^interrupted; saved in \S+ after epoch 1\ngo on with: /,
  );
  await step;
  training.close();
});

test('who comes to the end of the step meanwhile says so alone', async () => {
  const { saverOf, training, epochsSaved } = await begin();
  const saver = saverOf(true);
  await training.runEpoch();
  await saver.epoch(training);
  const goodbye = saver.sayGoodbye();
  await saver.abort(training);
  expect(await goodbye).toBe(false);
  expect(await epochsSaved()).toBe(1);
  expect(said).not.toHaveBeenCalled();
  training.close();
});

test('where no signal is heard each epoch is saved', async () => {
  const { saverOf, training, epochsSaved } = await begin();
  const saver = saverOf(false);
  for (const epoch of [1, 2]) {
    await training.runEpoch();
    await saver.epoch(training);
    expect(await epochsSaved()).toBe(epoch);
  }
  training.close();
});
