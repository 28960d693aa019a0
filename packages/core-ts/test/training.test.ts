import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../src/backend.js';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import type { Receipt } from '../src/file/receipt.js';
import type { EntryName, Program } from '../src/program/program.js';
import type { Recipe } from '../src/recipe/recipe.js';
import type { Checkpoint } from '../src/train/checkpoint.js';
import type { StepGate } from '../src/train/run-pass.js';
import { stateSlices } from '../src/train/state.js';
import { train } from '../src/train/train.js';
import { Training } from '../src/train/training.js';
import { smallDataset, smallRecipe } from './synthetic.js';

/** Trainings with everything that is carried from epoch to epoch. */
const RECIPES: Readonly<Record<string, Partial<Recipe>>> = {
  'plain sgd': {},
  'momentum in shards': { optimizer: 'momentum', learningRate: 0.02, shards: 3 },
  'adam with dropout, class weights and patience': {
    optimizer: 'adam',
    // So high that the validation loss goes up and down.
    learningRate: 0.3,
    dropout: 0.3,
    classWeights: 'balanced',
    split: [0.6, 0.2, 0.2],
    patience: 3,
    epochs: 6,
  },
};

function open(changes: Partial<Recipe>, backend: Backend = typescriptBackend()): Promise<Training> {
  return Training.open(backend, smallRecipe(changes), smallDataset());
}

async function receiptOf(training: Training): Promise<Receipt> {
  while (!training.isDone) await training.runEpoch();
  const { receipt } = await training.finish();
  return receipt;
}

async function reference(changes: Partial<Recipe>): Promise<Receipt> {
  const { receipt } = await train({
    recipe: smallRecipe(changes),
    dataset: smallDataset(),
    backend: typescriptBackend(),
  });
  return receipt;
}

/** The TypeScript backend; `before` is called before each step, and may throw. */
function watched(before: (entry: EntryName, program: Program) => void): Backend {
  return {
    ...typescriptBackend(),
    open: (program) => {
      const session = typescriptBackend().open(program);
      return {
        memory: session.memory,
        run(entry, steps) {
          for (let step = 0; step < steps; step += 1) {
            before(entry, program);
            session.run(entry, 1);
          }
        },
        close: () => session.close(),
      };
    },
  };
}

describe.each(Object.entries(RECIPES))('a training by %s', (_, changes) => {
  it('stands as after its last whole epoch, wherever one ends early, and goes on from there', async () => {
    let calls = 0;
    const counted = await open(
      changes,
      watched(() => {
        calls += 1;
      }),
    );
    const expected = await receiptOf(counted);
    expect(expected).toEqual(await reference(changes));
    for (let failing = 1; failing <= calls; failing += 1) {
      let left = failing;
      const training = await open(
        changes,
        watched(() => {
          left -= 1;
          if (left === 0) throw new Error('ended');
        }),
      );
      let failures = 0;
      let before = training.checkpoint();
      const tryAgain = async <Result>(work: () => Promise<Result>): Promise<Result> => {
        before = training.checkpoint();
        return work().catch((error: Error) => {
          expect(error.message).toBe('ended');
          failures += 1;
          expect(training.checkpoint()).toEqual(before);
          return work();
        });
      };
      while (!training.isDone) await tryAgain(() => training.runEpoch());
      const { receipt } = await tryAgain(() => training.finish());
      expect(failures).toBe(1);
      expect(receipt, `after step ${failing} of ${calls} failed`).toEqual(expected);
    }
  });

  it('gives an aborted epoch no receipt', async () => {
    const training = await open(changes);
    await training.runEpoch();
    const { epochs } = training.checkpoint();
    const abortion = new AbortController();
    const aborted = training.runEpoch({
      signal: abortion.signal,
      onProgress: () => abortion.abort(),
    });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortedError' });
    expect(training.epoch).toBe(1);
    const { receipt } = await training.finish();
    expect(receipt.epochs).toEqual(epochs);
    expect(receipt.weightsSha256).toBe(epochs[0]);
    expect(await receiptOf(training)).toEqual(await reference(changes));
  });

  it('may be finished after any epoch without a trace in those that follow', async () => {
    const training = await open(changes);
    let isBehind = false;
    while (!training.isDone) {
      await training.runEpoch();
      const { bestEpoch } = (await training.finish()).receipt;
      isBehind ||= bestEpoch !== null && bestEpoch < training.epoch && !training.isDone;
    }
    expect(isBehind).toBe(changes.patience !== undefined);
    const { receipt } = await training.finish();
    expect(receipt).toEqual(await reference(changes));
  });

  it('tells the digest of its whole state after every epoch', async () => {
    let program: Program | undefined;
    const training = await open(
      changes,
      watched((_, given) => {
        // The first: the scores come of another one, that only predicts.
        program ??= given;
      }),
    );
    const checkpoints: Checkpoint[] = [];
    while (!training.isDone) {
      const { stateSha256 } = await training.runEpoch();
      checkpoints.push(training.checkpoint());
      expect(training.checkpoint().states?.at(-1)).toBe(stateSha256);
    }
    const { receipt } = await training.finish();
    const names = new Set(stateSlices(training.recipe).map(({ name }) => name));
    const inOrder = program!.slices.filter(({ name }) => names.has(name)).map(({ name }) => name);
    expect(inOrder).toHaveLength(names.size);
    const byHand = checkpoints.map(({ state, best }) => {
      const hash = createHash('sha256');
      for (const name of inOrder) hash.update(numbers([...state.get(name)!], 'writeFloatLE'));
      if (best) {
        hash.update(numbers([best.epoch], 'writeUInt32LE'));
        hash.update(numbers([best.validationLoss], 'writeDoubleLE', 8));
        hash.update(numbers([...best.parameters], 'writeFloatLE'));
      }
      return hash.digest('hex');
    });
    expect(receipt).toMatchObject({ format: 2, states: byHand });
  });
});

/** Numbers as their little-endian bytes, written one by one. */
function numbers(
  values: readonly number[],
  write: 'writeFloatLE' | 'writeUInt32LE' | 'writeDoubleLE',
  width = 4,
): Buffer {
  const bytes = Buffer.alloc(values.length * width);
  for (const [index, value] of values.entries()) bytes[write](value, index * width);
  return bytes;
}

describe('a training refuses', () => {
  it('to finish before any epoch is done', async () => {
    const training = await open({});
    await expect(training.finish()).rejects.toThrow(
      'finish: expected a training with at least one epoch done, received one with none',
    );
    expect(await receiptOf(training)).toEqual(await reference({}));
  });

  it('two things at once', async () => {
    const training = await open({});
    const first = training.runEpoch();
    await expect(training.runEpoch()).rejects.toThrow(
      'runEpoch: expected an idle training, received one with runEpoch under way',
    );
    await expect(training.finish()).rejects.toThrow('finish: expected an idle training');
    await first;
    const look = training.finish();
    await expect(training.runEpoch()).rejects.toThrow('received one with finish under way');
    await look;
    expect(await receiptOf(training)).toEqual(await reference({}));
  });

  it('epochs after the last, whatever made it the last', async () => {
    for (const changes of [{ epochs: 1 }, { split: [0.6, 0.2, 0.2], patience: 1, epochs: 90 }]) {
      const training = await open({ ...changes, learningRate: 1 } as Partial<Recipe>);
      const receipt = await receiptOf(training);
      await expect(training.runEpoch()).rejects.toThrow(
        `runEpoch: expected a training with an epoch left, received one that is done after ${receipt.epochs.length}`,
      );
      expect((await training.finish()).receipt).toEqual(receipt);
    }
  });

  it('to do anything once it is closed', async () => {
    const training = await open({});
    await training.runEpoch();
    training.close();
    training.close();
    await expect(training.runEpoch()).rejects.toThrow('received a closed one');
    await expect(training.finish()).rejects.toThrow('received a closed one');
  });
});

it('a gate stands between steps, sees the memory, and changes no bit', async () => {
  const alone = await Training.open(typescriptBackend(), smallRecipe(), smallDataset());
  const expected = await alone.runEpoch();
  alone.close();
  const training = await Training.open(typescriptBackend(), smallRecipe(), smallDataset());
  const made: number[] = [];
  const seen = new Set<number>();
  const gate: StepGate = {
    next: async () => 1 + (made.length % 3),
    made({ memory }, entry, steps) {
      expect(memory).toBe(training.memory);
      if (entry !== 'train') return;
      made.push(steps);
      seen.add(memory.f32('losses').reduce((sum, loss) => sum + loss, 0));
    },
  };
  const report = await training.runEpoch({ gate });
  expect(report.weightsSha256).toBe(expected.weightsSha256);
  expect(made.reduce((sum, steps) => sum + steps, 0)).toBe(training.stepsPerEpoch);
  expect(Math.max(...made)).toBeLessThanOrEqual(3);
  expect(seen.size).toBeGreaterThan(1);
  // What it throws ends the epoch, and the training stands as after the last whole one.
  const refusal = new Error('enough');
  const refusing = { next: async () => 1, made: () => Promise.reject(refusal) };
  await expect(training.runEpoch({ gate: refusing })).rejects.toBe(refusal);
  expect(training.epoch).toBe(1);
  training.close();
});

it('drops by a layer what it drops by the recipe: other numbers in every epoch and for every seed', async () => {
  const digestsOf = async (changes: Partial<Recipe>): Promise<readonly string[]> => {
    const recipe = smallRecipe({ ...changes, epochs: 3 });
    const model = await train({ recipe, dataset: smallDataset(), backend: typescriptBackend() });
    return model.receipt.epochs;
  };
  const layers = [16, 9, { type: 'dropout', rate: 0.5 }, 3] as const;
  for (const seed of [1, 2]) {
    const byRecipe = await digestsOf({ layers: [16, 9, 3], dropout: 0.5, seed });
    expect(await digestsOf({ layers, seed })).toEqual(byRecipe);
  }
});
