import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeModel,
  encodeCheckpoint,
  encodeModel,
  Training,
  train,
  typescriptBackend,
} from '@bitgrad/core';
import { loadDataset } from '@bitgrad/formats';
import { expect, test } from 'vitest';
import { eventsIn, runCli } from './run-cli.js';
import { namesIn, SHAPES, temporaryFolder, writeShapes } from './temporary.js';

const VERIFY = 'verify model.safetensors --data shapes --backend ts'.split(' ');

/** A folder with shapes, a model trained on them, and the checkpoint after its last epoch. */
async function trainedFolder(): Promise<string> {
  const folder = temporaryFolder();
  writeShapes(folder);
  await runCli(['train', ...SHAPES, '--checkpoint', 'last.checkpoint'], { folder });
  return folder;
}

/** Writes the checkpoint after some epochs of the training of `trainedFolder`. */
async function checkpointAfter(folder: string, epochs: number): Promise<string> {
  const file = join(folder, 'model.safetensors');
  const { recipe } = await decodeModel(readFileSync(file), file);
  const dataset = await loadDataset(join(folder, 'shapes'));
  const training = await Training.open(typescriptBackend(), recipe, dataset);
  for (let epoch = 0; epoch < epochs; epoch += 1) await training.runEpoch();
  writeFileSync(join(folder, 'early.checkpoint'), await encodeCheckpoint(training.checkpoint()));
  training.close();
  return 'early.checkpoint';
}

test('a model verifies, and the end says so', async () => {
  const folder = await trainedFolder();
  const result = await runCli([...VERIFY, '--json'], { folder });
  expect(result.exitCode).toBe(0);
  const events = eventsIn(result);
  expect(events.map(({ event }) => event)).toEqual(['start', 'epoch', 'epoch', 'epoch', 'end']);
  expect(events.at(-1)).toEqual({
    event: 'end',
    verified: true,
    epochs: 3,
    weightsSha256: events[3]!.weightsSha256,
  });
  const { stdout } = await runCli(VERIFY, { folder });
  expect(stdout).toMatch(/^verified: all of 3 epochs gave the receipt's digests$/m);
});

test('a changed digest is named by its epoch', async () => {
  const folder = await trainedFolder();
  const file = join(folder, 'model.safetensors');
  const model = await decodeModel(readFileSync(file), file);
  const epochs = [...model.receipt.epochs];
  epochs[1] = '0'.repeat(64);
  writeFileSync(file, encodeModel({ ...model, receipt: { ...model.receipt, epochs } }));
  const result = await runCli([...VERIFY, '--json'], { folder });
  expect(result.exitCode).toBe(1);
  expect(eventsIn(result).at(-1)).toMatchObject({
    verified: false,
    epochs: 2,
    firstMismatch: { epoch: 2, expected: epochs[1] },
  });
  const { stdout } = await runCli(VERIFY, { folder });
  expect(stdout).toMatch(/^not verified: epoch 2 is the first that differs$/m);
});

test('a result that the weights do not have is named by its field', async () => {
  const folder = await trainedFolder();
  const file = join(folder, 'model.safetensors');
  const model = await decodeModel(readFileSync(file), file);
  writeFileSync(file, encodeModel({ ...model, receipt: { ...model.receipt, testAccuracy: 1 } }));
  const result = await runCli([...VERIFY, '--json'], { folder });
  expect(eventsIn(result).at(-1)).toMatchObject({
    verified: false,
    firstMismatch: { epoch: null, field: 'testAccuracy', expected: 1 },
  });
});

test('data of which one byte differs are found before the first step', async () => {
  const folder = await trainedFolder();
  cpSync(join(folder, 'shapes'), join(folder, 'other'), { recursive: true });
  const images = join(folder, 'other', 'train-images-idx3-ubyte');
  const bytes = readFileSync(images);
  bytes[20] = bytes[20] === 0 ? 1 : 0;
  writeFileSync(images, bytes);
  const words = 'verify model.safetensors --data other --backend ts'.split(' ');
  const { exitCode, stdout, stderr } = await runCli(words, { folder });
  expect(stderr).toMatch(/error: other: expected data with SHA-256 [0-9a-f]{64}, received /);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
});

test('a stretch begins at the checkpoint in front of it', async () => {
  const folder = await trainedFolder();
  const { epochs } = (await decodeModel(readFileSync(join(folder, 'model.safetensors')), ''))
    .receipt;
  const saved = await checkpointAfter(folder, 2);
  const words = [...VERIFY, '--epochs', '3..3', '--from', saved, '--json'];
  const events = eventsIn(await runCli(words, { folder }));
  expect(events.map(({ event }) => event)).toEqual(['start', 'epoch', 'end']);
  expect(events.at(-1)).toMatchObject({ verified: true, weightsSha256: epochs[2] });
});

test('{epoch} in a checkpoint’s name keeps one for each epoch', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  await runCli(['train', ...SHAPES, '--checkpoint', 'run-{epoch}.checkpoint'], { folder });
  expect(namesIn(folder)).toEqual([
    'model.safetensors',
    'run-1.checkpoint',
    'run-2.checkpoint',
    'run-3.checkpoint',
    'shapes',
  ]);
  const words = [...VERIFY, '--epochs', '2..2', '--from', 'run-1.checkpoint', '--json'];
  expect(eventsIn(await runCli(words, { folder })).at(-1)).toMatchObject({ verified: true });
});

test('a stretch needs the checkpoint in front of it', async () => {
  const folder = await trainedFolder();
  const first = await runCli([...VERIFY, '--epochs', '1..2', '--json'], { folder });
  expect(eventsIn(first).at(-1)).toMatchObject({ verified: true, epochs: 2 });
  const none = await runCli([...VERIFY, '--epochs', '2..3'], { folder });
  expect(none.stderr).toContain(
    '--from: expected a checkpoint after epoch 1, where epoch 2 begins, received none',
  );
  const words = [...VERIFY, '--epochs', '2..3', '--from', 'last.checkpoint'];
  const late = await runCli(words, { folder });
  expect(late.stderr).toContain('begins, received one after 3 (last.checkpoint)');
  const outside = await runCli([...VERIFY, '--epochs', '3..4'], { folder });
  expect(outside.stderr).toContain('--epochs: expected A..B from 1 to 3');
  expect([none, late, outside].map(({ exitCode }) => exitCode)).toEqual([2, 2, 2]);
});

test('a model that began with another one verifies beside it', async () => {
  const folder = await trainedFolder();
  const file = join(folder, 'model.safetensors');
  const start = await decodeModel(readFileSync(file), file);
  const dataset = await loadDataset(join(folder, 'shapes'));
  const recipe = { ...start.recipe, epochs: 1, learningRate: 0.01 };
  const tuned = await train({ recipe, dataset, backend: typescriptBackend(), start });
  writeFileSync(join(folder, 'tuned.safetensors'), encodeModel(tuned));
  const verify = 'verify tuned.safetensors --data shapes --backend ts'.split(' ');
  const without = await runCli(verify, { folder });
  expect(without.exitCode).toBe(2);
  expect(without.stderr).toMatch(
    /^error: --start: expected the model that tuned\.safetensors began with, whose weightsSha256 is [0-9a-f]{64}, received none$/m,
  );
  const result = await runCli([...verify, '--start', 'model.safetensors'], { folder });
  expect(result.stdout).toMatch(/^verified: all of 1 epoch/m);
});
