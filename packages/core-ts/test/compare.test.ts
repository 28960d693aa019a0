import { describe, expect, it } from 'vitest';
import type { Backend } from '../src/backend.js';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import type { Recipe } from '../src/recipe/recipe.js';
import type { Checkpoint } from '../src/train/checkpoint.js';
import { compareEpochs, compareStates, compareSteps } from '../src/train/compare.js';
import { train } from '../src/train/train.js';
import { smallDataset, smallRecipe } from './synthetic.js';

const recipe = smallRecipe({ optimizer: 'adam', learningRate: 0.02, dropout: 0.2, epochs: 4 });
const dataset = smallDataset();
/** Ten steps of 7 samples. */
const STEPS = 10;

/** A machine that flips one bit of one number after a training step, counted from 1 in all it makes. */
function faulty(fault: { step: number; slice: string; index: number; bit: number }): Backend {
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
            if (entry !== 'train') continue;
            made += 1;
            if (made !== fault.step) continue;
            const { buffer, byteOffset } = session.memory.f32(fault.slice);
            new Uint32Array(buffer, byteOffset)[fault.index]! ^= 1 << fault.bit;
          }
        },
        close: () => session.close(),
      };
    },
  };
}

async function trainOn(backend: Backend, changes: Partial<Recipe> = {}) {
  const checkpoints: Checkpoint[] = [];
  const model = await train({
    recipe: { ...recipe, ...changes },
    dataset,
    backend,
    onEpoch: (_, training) => checkpoints.push(training.checkpoint()),
  });
  return { receipt: model.receipt, checkpoints };
}

describe('two trainings of one recipe', () => {
  it('that are the same do not differ, nor does one from its beginning', async () => {
    const { receipt, checkpoints } = await trainOn(typescriptBackend());
    expect(compareEpochs(receipt, receipt)).toBeNull();
    for (const checkpoint of checkpoints) {
      expect(compareEpochs(checkpoint, receipt)).toBeNull();
      expect(compareEpochs(receipt, checkpoint)).toBeNull();
    }
  });

  it('differ first after the epoch, and in the number, of a planted fault', async () => {
    const right = await trainOn(typescriptBackend());
    for (const [step, slice, bit] of [
      [2 * STEPS + 4, 'layers.1.bias', 22],
      [STEPS, 'layers.0.weight', 0],
    ] as const) {
      const wrong = await trainOn(faulty({ step, slice, index: 1, bit }));
      const epoch = Math.ceil(step / STEPS);
      expect(compareEpochs(right.receipt, wrong.receipt)).toEqual({
        epoch,
        field: 'epochs',
        a: right.receipt.epochs[epoch - 1],
        b: wrong.receipt.epochs[epoch - 1],
      });
      const states = [right, wrong].map(({ checkpoints }) => checkpoints[epoch - 1]!.state);
      const difference = compareStates(states[0]!, states[1]!);
      // A fault in an epoch's last step has had no time to spread.
      if (step % STEPS === 0) expect(difference).toMatchObject({ slice, index: 1, count: 1 });
      else expect(difference!.count).toBeGreaterThan(1);
    }
  });

  it('differ in what the optimiser remembers before their weights do', async () => {
    const right = await trainOn(typescriptBackend());
    const slice = [...right.checkpoints[0]!.state.keys()].find((name) => /Moment/.test(name))!;
    const wrong = await trainOn(faulty({ step: STEPS, slice, index: 0, bit: 3 }));
    expect(compareEpochs(right.receipt, wrong.receipt)).toMatchObject({
      epoch: 1,
      field: 'states',
    });
  });

  it('are refused where they are of two recipes, or on other data', async () => {
    const { receipt } = await trainOn(typescriptBackend());
    const other = await trainOn(typescriptBackend(), { learningRate: 0.1 });
    expect(() => compareEpochs(receipt, other.receipt)).toThrow(
      'expected two trainings of one recipe, received learningRate 0.02 and 0.1',
    );
    const elsewhere = { ...receipt.dataset, inputSha256: '0'.repeat(64) };
    expect(() => compareEpochs(receipt, { ...receipt, dataset: elsewhere })).toThrow(
      'expected two trainings on the same data',
    );
  });
});

describe('an epoch on two backends', () => {
  const ts = typescriptBackend();

  it('names the step and the number of a planted fault, whenever it comes', async () => {
    const { checkpoints } = await trainOn(ts);
    for (const [checkpoint, step, slice, index] of [
      [undefined, 1, 'layers.0.weight', 0],
      [undefined, 7, 'layers.1.weight', 11],
      [checkpoints[0], 10, 'layers.0.bias', 3],
      [checkpoints[2], 4, 'layers.1.bias', 2],
    ] as const) {
      const fault = { step, slice, index, bit: 0 };
      const found = await compareSteps({
        recipe,
        dataset,
        checkpoint,
        backends: [ts, faulty(fault)],
      });
      expect(found.step).toBe(step);
      expect(found.difference).toMatchObject({ slice, index, count: 1 });
      expect(found.reports[1]).toBeNull();
      const [a, b] = [found.difference!.a, found.difference!.b].map(
        (value) => new Uint32Array(Float32Array.of(value).buffer)[0]!,
      );
      expect(a! ^ b!).toBe(1);
    }
  });

  it('finds none where there is none, in the bits of the training itself', async () => {
    const { receipt, checkpoints } = await trainOn(ts);
    const found = await compareSteps({
      recipe,
      dataset,
      checkpoint: checkpoints[1],
      backends: [ts, typescriptBackend()],
    });
    expect(found).toMatchObject({ step: null, difference: null });
    for (const report of found.reports) {
      expect(report).toMatchObject({
        epoch: 3,
        weightsSha256: receipt.epochs[2],
        stateSha256: receipt.states![2],
      });
    }
  });

  it('ends by a signal', async () => {
    const aborted = compareSteps({
      recipe,
      dataset,
      backends: [ts, ts],
      signal: AbortSignal.abort(),
    });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortedError' });
  });
});
