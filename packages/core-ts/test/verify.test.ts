import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { decodeCheckpoint, encodeCheckpoint } from '../src/file/checkpoint-file.js';
import { decodeModel, encodeModel } from '../src/file/model-file.js';
import type { Receipt } from '../src/file/receipt.js';
import type { Checkpoint } from '../src/train/checkpoint.js';
import type { TrainedModel } from '../src/train/reports.js';
import { train } from '../src/train/train.js';
import { type VerifyOptions, verify } from '../src/train/verify.js';
import { smallDataset, smallRecipe } from './synthetic.js';

const backend = typescriptBackend();
const dataset = smallDataset();
const recipe = smallRecipe({
  optimizer: 'adam',
  learningRate: 0.05,
  split: [0.6, 0.2, 0.2],
  patience: 3,
  epochs: 4,
});
const checkpoints: Checkpoint[] = [];
const trained: Promise<TrainedModel> = train({
  recipe,
  dataset,
  backend,
  onEpoch: (_, training) => checkpoints.push(training.checkpoint()),
});

function check(receipt: unknown, options: Partial<VerifyOptions> = {}) {
  return verify({ receipt: receipt as Receipt, dataset, backend, ...options });
}

/** The same value with the keys of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, inner]) => [key, reversed(inner)]));
}

function without(receipt: Receipt, ...fields: (keyof Receipt)[]): Partial<Receipt> {
  const entries = Object.entries(receipt).filter(([field]) => !fields.includes(field as never));
  return Object.fromEntries(entries);
}

/** As version 0.1.0 wrote it, by a program that nobody compiles any more. */
function ofFormat1(receipt: Receipt): Partial<Receipt> {
  return { ...without(receipt, 'format', 'states'), programSha256: 'a'.repeat(64) };
}

describe('a receipt verifies', () => {
  it('whatever the order of its keys', async () => {
    const { receipt } = await trained;
    expect(await check(reversed(receipt))).toMatchObject({ verified: true });
  });

  it('of format 1, whatever program it names', async () => {
    const { receipt } = await trained;
    expect(await check(ofFormat1(receipt))).toMatchObject({ verified: true });
    expect(await check(reversed({ ...ofFormat1(receipt), format: 1 }))).toMatchObject({
      verified: true,
    });
  });

  it('without the fields of a recipe that may be left out', async () => {
    const { receipt } = await trained;
    const kept = Object.entries(receipt.recipe).filter(
      ([field]) => !['warmup', 'momentum', 'weightDecay', 'shards', 'loss'].includes(field),
    );
    const short = { ...receipt, recipe: Object.fromEntries(kept) };
    expect(await check(short)).toMatchObject({ verified: true });
  });

  it('from each checkpoint of its training', async () => {
    const { receipt } = await trained;
    expect(checkpoints).toHaveLength(receipt.epochs.length);
    for (const checkpoint of checkpoints) {
      expect(await check(receipt, { checkpoint })).toMatchObject({ verified: true });
      // One that version 0.1.0 wrote serves as well.
      const { states: _, ...old } = checkpoint;
      expect(await check(receipt, { checkpoint: old })).toMatchObject({ verified: true });
    }
  });
});

describe('a receipt does not verify', () => {
  it('with another field, which is named', async () => {
    const { receipt } = await trained;
    const changes: Partial<Record<keyof Receipt | 'extra', unknown>> = {
      testAccuracy: 0.123,
      testLoss: 0.5,
      validationLoss: null,
      bestEpoch: 1,
      dataset: { ...receipt.dataset, train: 1 },
      preparationSha256: '0'.repeat(64),
      extra: 1,
    };
    for (const [field, value] of Object.entries(changes)) {
      if (JSON.stringify(receipt[field as keyof Receipt]) === JSON.stringify(value)) continue;
      expect(await check({ ...receipt, [field]: value })).toMatchObject({
        verified: false,
        firstMismatch: { epoch: null, field },
      });
    }
  });

  it('with another state of an epoch, which is named', async () => {
    const { receipt } = await trained;
    const states = receipt.states!.map((digest, at) => (at === 2 ? '0'.repeat(64) : digest));
    expect(await check({ ...receipt, states })).toMatchObject({
      verified: false,
      epochs: 3,
      firstMismatch: { epoch: 3, field: 'states', expected: states[2] },
    });
  });

  it('whose form is of no version', async () => {
    const { receipt } = await trained;
    await expect(check({ ...receipt, format: 3 })).rejects.toThrow(
      'format: expected 1 or 2, which this version knows, received 3',
    );
    await expect(check(without(receipt, 'states'))).rejects.toThrow(
      'states: expected a SHA-256 for each of 4 epochs, received undefined',
    );
    await expect(check({ ...receipt, states: receipt.states!.slice(1) })).rejects.toThrow(
      'states:',
    );
    await expect(check(without(receipt, 'format'))).rejects.toThrow('expected none in format 1');
  });
});

describe('a checkpoint', () => {
  const forge: Readonly<Record<string, (checkpoint: Checkpoint) => Checkpoint>> = {
    'what the optimiser remembers': (checkpoint) => withNumber(checkpoint, /Moment/),
    'the parameters': (checkpoint) => withNumber(checkpoint, /weight$/),
    'the best epoch so far': (checkpoint) => ({
      ...checkpoint,
      best: { ...checkpoint.best!, validationLoss: checkpoint.best!.validationLoss / 2 },
    }),
    'the best parameters so far': (checkpoint) => ({
      ...checkpoint,
      best: { ...checkpoint.best!, parameters: checkpoint.best!.parameters.map((x) => -x) },
    }),
  };

  function withNumber(checkpoint: Checkpoint, pattern: RegExp): Checkpoint {
    const name = [...checkpoint.state.keys()].find((one) => pattern.test(one))!;
    const values = checkpoint.state.get(name)!.slice();
    values[1]! += 0.25;
    return { ...checkpoint, state: new Map(checkpoint.state).set(name, values) };
  }

  it.each(Object.keys(forge))(
    'with another number in %s is found before the first step',
    async (what) => {
      const { receipt } = await trained;
      const forged = forge[what]!(checkpoints[1]!);
      await expect(check(receipt, { checkpoint: forged })).rejects.toThrow(
        `checkpoint: expected a whole state with SHA-256 ${receipt.states![1]} after epoch 2`,
      );
      // Nor does a file of it, with a sum of its own, pass for what its digests say.
      await expect(decodeCheckpoint(await encodeCheckpoint(forged), 'forged')).rejects.toThrow(
        /^forged: expected (parameters|a state) with SHA-256/,
      );
    },
  );

  it('of another training is refused', async () => {
    const { receipt } = await trained;
    const other = { ...receipt, epochs: receipt.epochs.map((digest) => digest.replace(/./, 'f')) };
    await expect(check(other, { checkpoint: checkpoints[1]! })).rejects.toThrow(
      'checkpoint: expected a checkpoint of this training, received one whose digest after epoch 1',
    );
  });

  it('without states makes a receipt of format 1, which verifies', async () => {
    const { receipt } = await trained;
    const { states: _, ...old } = checkpoints[0]!;
    const resumed = await train({ recipe, dataset, backend, checkpoint: old });
    expect(resumed.receipt).toEqual({
      ...without(receipt, 'format', 'states'),
      programSha256: resumed.run.programSha256,
    });
    const bytes = encodeModel(resumed);
    expect((await decodeModel(bytes, 'a')).receipt).toEqual(resumed.receipt);
    expect(await check(resumed.receipt)).toMatchObject({ verified: true });
  });

  it('with states makes the receipt of a training without interruption', async () => {
    const { receipt } = await trained;
    const read = await decodeCheckpoint(await encodeCheckpoint(checkpoints[1]!), 'a');
    const resumed = await train({ recipe, dataset, backend, checkpoint: read });
    expect(JSON.stringify(resumed.receipt)).toBe(JSON.stringify(receipt));
  });
});
