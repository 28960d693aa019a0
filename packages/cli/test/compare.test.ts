import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Backend,
  decodeModel,
  encodeCheckpoint,
  encodeModel,
  train,
  typescriptBackend,
} from '@bitgrad/core';
import { loadDataset } from '@bitgrad/formats';
import { expect, test } from 'vitest';
import { type Event, eventsIn, runCli } from './run-cli.js';
import { temporaryFolder, writeShapes } from './temporary.js';

const TRAIN = [
  ...['train', '--data', 'shapes', '--layers', '16,4,3', '--augment', 'none', '--epochs', '4'],
  ...['--optimizer', 'adam', '--batch-size', '10', '--out', 'right.safetensors'],
  ...['--checkpoint', 'right/{epoch}.checkpoint', '--backend', 'ts'],
];
/** Six steps of ten samples an epoch: this one is the fourth of the third epoch. */
const FAULT = 2 * 6 + 4;

/** A machine that flips the lowest bit of one weight after one training step. */
function faulty(): Backend {
  let made = 0;
  return {
    ...typescriptBackend(),
    open: (program) => {
      const session = typescriptBackend().open(program);
      return {
        memory: session.memory,
        run(entry, steps) {
          for (let step = 0; step < steps; step += 1) {
            session.run(entry, 1);
            made += Number(entry === 'train');
            if (entry !== 'train' || made !== FAULT) continue;
            const { buffer, byteOffset } = session.memory.f32('layers.1.weight');
            new Uint32Array(buffer, byteOffset)[5]! ^= 1;
          }
        },
        close: () => session.close(),
      };
    },
  };
}

/** A training, `right`, and the same on a machine that made one mistake, `wrong`. */
async function trainedFolder(): Promise<string> {
  const folder = temporaryFolder();
  writeShapes(folder);
  for (const name of ['right', 'wrong']) mkdirSync(join(folder, name));
  await runCli(TRAIN, { folder });
  const file = join(folder, 'right.safetensors');
  const { recipe } = await decodeModel(readFileSync(file), file);
  const model = await train({
    recipe,
    dataset: await loadDataset(join(folder, 'shapes')),
    backend: faulty(),
    async onEpoch(_, training) {
      const bytes = await encodeCheckpoint(training.checkpoint());
      writeFileSync(join(folder, 'wrong', `${training.epoch}.checkpoint`), bytes);
    },
  });
  writeFileSync(join(folder, 'wrong.safetensors'), encodeModel(model));
  return folder;
}

async function compared(folder: string, ...words: string[]): Promise<Event> {
  const result = await runCli(['compare', ...words, '--json'], { folder });
  return { exitCode: result.exitCode, ...eventsIn(result).at(-1)! };
}

test('models and checkpoints of one training are the same, as far as both go', async () => {
  const folder = await trainedFolder();
  for (const [a, b, epochs] of [
    ['right.safetensors', 'right', 4],
    ['right', 'right/2.checkpoint', 2],
    ['right/3.checkpoint', 'right.safetensors', 3],
    ['wrong/2.checkpoint', 'right', 2],
  ] as const) {
    const found = await compared(folder, a, b);
    expect(found, `${a} ${b}`).toMatchObject({ exitCode: 0, same: true, epochs });
  }
});

test('a machine’s mistake is named by epoch and parameter, and by whose it was', async () => {
  const folder = await trainedFolder();
  const models = await compared(folder, 'right.safetensors', 'wrong.safetensors');
  expect(models).toMatchObject({ exitCode: 1, same: false, epoch: 3, parameter: null });
  const found = await compared(folder, 'wrong', 'right', '--steps', '--data', 'shapes');
  expect(found).toMatchObject({ exitCode: 1, same: false, epoch: 3, field: 'epochs' });
  expect(found.parameter.slice).toMatch(/^layers\./);
  // This machine makes no mistake, and says which of the two is right.
  expect(found.steps).toEqual({ step: null, parameter: null, right: 'b' });
  const words = ['compare', 'right', 'wrong', '--steps', '--data', 'shapes'];
  const { stdout } = await runCli(words, { folder });
  expect(stdout).toMatch(/^different: epoch 3 is the first after which they differ$/m);
  expect(stdout).toMatch(/^first parameter {2}layers\.\d\.\w+, number \d+, after that epoch$/m);
  expect(stdout).toMatch(
    /^backend ts gives the digest of right: the machine of wrong went wrong$/m,
  );
});

test('what cannot be compared is refused', async () => {
  const folder = await trainedFolder();
  const words = TRAIN.map((word) => word.replace('right', 'other'));
  mkdirSync(join(folder, 'other'));
  await runCli([...words, '--seed', '2'], { folder });
  const recipes = await runCli(['compare', 'right', 'other.safetensors'], { folder });
  expect([recipes.exitCode, recipes.stderr]).toEqual([
    1,
    expect.stringContaining('expected two trainings of one recipe, received seed 1 and 2'),
  ]);
  const models = ['compare', 'right.safetensors', 'wrong.safetensors'];
  const steps = await runCli([...models, '--steps', '--data', 'shapes'], { folder });
  expect([steps.exitCode, steps.stderr]).toEqual([
    2,
    expect.stringContaining('--steps: expected a checkpoint after epoch 2'),
  ]);
  const nothing = await runCli(['compare', 'right', 'shapes'], { folder });
  expect(nothing.stderr).toContain('shapes: expected checkpoints');
});
