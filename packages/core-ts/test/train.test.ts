import { describe, expect, it } from 'vitest';
import type { Backend } from '../src/backend.js';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { checkDataset, type Dataset } from '../src/dataset.js';
import { AbortedError, BitgradError, NonFiniteError } from '../src/errors.js';
import { initialParameters } from '../src/network/parameters.js';
import { range } from '../src/random/stream.js';
import type { Recipe } from '../src/recipe/recipe.js';
import { drawShifts, parseAugmentation } from '../src/train/augment.js';
import { evaluate } from '../src/train/evaluate.js';
import { checkFit } from '../src/train/fit.js';
import { type TrainOptions, train } from '../src/train/train.js';
import { smallDataset, smallRecipe } from './synthetic.js';

function trainSmall(changes: Partial<Recipe> = {}, options: Partial<TrainOptions> = {}) {
  return train({
    recipe: smallRecipe(changes),
    dataset: smallDataset(),
    backend: typescriptBackend(),
    ...options,
  });
}

/** The TypeScript backend, which counts its open sessions. */
function countingBackend(): { backend: Backend; open: () => number } {
  let open = 0;
  const backend: Backend = {
    ...typescriptBackend(),
    open: (program) => {
      const session = typescriptBackend().open(program);
      open += 1;
      return {
        memory: session.memory,
        run: (entry, steps) => session.run(entry, steps),
        close: () => {
          open -= 1;
          session.close();
        },
      };
    },
  };
  return { backend, open: () => open };
}

describe('train', () => {
  it('learns', async () => {
    const { receipt } = await trainSmall({ epochs: 8 });
    expect(receipt.testAccuracy).toBe(1);
    expect(receipt.testLoss).toBeLessThan(0.3);
  });

  it('gives equal receipts for equal recipes, and others for another seed', async () => {
    const [first, second, other] = await Promise.all([
      trainSmall(),
      trainSmall(),
      trainSmall({ seed: 2 }),
    ]);
    expect(JSON.stringify(second.receipt)).toBe(JSON.stringify(first.receipt));
    expect(other.receipt.weightsSha256).not.toBe(first.receipt.weightsSha256);
    expect(first.receipt.epochs).toHaveLength(3);
    expect(first.receipt.epochs.at(-1)).toBe(first.receipt.weightsSha256);
  });

  it('looks at validation samples without learning from them', async () => {
    const dataset = smallDataset();
    const split = [0.5, 0.25, 0.25] as const;
    const { receipt } = await trainSmall({ split });
    expect(receipt.validationAccuracy).not.toBeNull();
    expect(receipt.dataset).toMatchObject({ train: 45, validation: 22, test: 23 });
    const whole = await trainSmall({ split, trainOnValidation: true }, { dataset });
    expect(whole.receipt.weightsSha256).not.toBe(receipt.weightsSha256);
  });

  it('reports start, progress and every epoch in order', async () => {
    const told: string[] = [];
    await trainSmall(
      { epochs: 2 },
      {
        onStart: ({ dataset }) => told.push(`start ${dataset.train}`),
        onEpoch: ({ epoch, loss }) => told.push(`epoch ${epoch} ${Number.isFinite(loss)}`),
        onProgress: ({ epoch, step, stepsPerEpoch }) => {
          if (step === stepsPerEpoch) told.push(`done ${epoch}: ${step}`);
        },
      },
    );
    expect(told).toEqual(['start 70', 'done 1: 10', 'epoch 1 true', 'done 2: 10', 'epoch 2 true']);
  });

  it('ends with an error that names the step when the loss is not finite', async () => {
    const { backend, open } = countingBackend();
    const error = await trainSmall({ learningRate: 1e30 }, { backend }).catch((one) => one);
    expect(error).toBeInstanceOf(NonFiniteError);
    expect(error.message).toMatch(
      /^training: expected a finite loss, received one that is not at step \d+ \(epoch 1, step \d+ of 10\)$/,
    );
    expect(error.step).toBeGreaterThan(0);
    expect(error.step).toBeLessThan(10);
    expect(error.fix).toContain('lower learning rate');
    expect(open()).toBe(0);
  });

  it('counts the step over the whole run', async () => {
    // Rates rise from epoch to epoch until the loss overflows.
    const error = await trainSmall({ learningRate: 0.1, schedule: 'step:1,1e20' }).catch(
      (one) => one,
    );
    expect(error).toBeInstanceOf(NonFiniteError);
    const [, step, epoch, ofEpoch] = /step (\d+) \(epoch (\d+), step (\d+) of/.exec(error.message)!;
    expect(Number(epoch)).toBeGreaterThan(1);
    expect(Number(step)).toBe((Number(epoch) - 1) * 10 + Number(ofEpoch));
    expect(error.step).toBe(Number(step) - 1);
  });

  it('ends with an error when a parameter is not finite though the loss was', async () => {
    // The only step's update overflows: 1000 · a tenth · the rate.
    const error = await trainSmall(
      {
        preprocess: 'none',
        layers: [16, 3],
        epochs: 1,
        batchSize: 70,
        learningRate: 3e38,
        initializer: 'normal:1e-6',
      },
      { dataset: smallDataset({ inputs: new Float32Array(90 * 16).fill(1000) }) },
    ).catch((one) => one);
    expect(error).toBeInstanceOf(NonFiniteError);
    expect(error.message).toMatch(
      /^training: expected finite parameters, received -?Infinity in layers\.0\.weight after step 1$/,
    );
    expect(error.step).toBe(0);
  });

  it('ends with an error when only the look at other samples is not finite', async () => {
    // Training samples are 0 but for the biases' sake; one test sample meets the weights.
    const inputs = new Float32Array(90 * 16);
    inputs.fill(3e38, 89 * 16);
    const error = await trainSmall(
      { preprocess: 'none', layers: [16, 3], epochs: 2, batchSize: 70, initializer: 'normal:10' },
      { dataset: smallDataset({ inputs }) },
    ).catch((one) => one);
    expect(error).toBeInstanceOf(NonFiniteError);
    expect(error.message).toBe(
      'training: expected a finite loss of the evaluation after step 2, received one that is not',
    );
    expect(error.step).toBe(1);
  });

  it('ends when aborted before it begins, between steps and between epochs', async () => {
    const { backend, open } = countingBackend();
    await expect(trainSmall({}, { backend, signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
      AbortedError,
    );
    for (const when of ['onProgress', 'onEpoch'] as const) {
      const controller = new AbortController();
      const told: number[] = [];
      const training = trainSmall(
        { epochs: 5 },
        {
          backend,
          signal: controller.signal,
          [when]: ({ epoch }: { epoch: number }) => {
            told.push(epoch);
            if (epoch === 2) controller.abort();
          },
        },
      );
      await expect(training).rejects.toBeInstanceOf(AbortedError);
      expect(Math.max(...told)).toBe(2);
    }
    expect(open()).toBe(0);
  });

  it('closes its session when a caller throws', async () => {
    const { backend, open } = countingBackend();
    const onEpoch = () => {
      throw new Error('from the caller');
    };
    await expect(trainSmall({}, { backend, onEpoch })).rejects.toThrow('from the caller');
    expect(open()).toBe(0);
  });

  it('refuses recipes that are not valid before it does anything', async () => {
    const { backend, open } = countingBackend();
    await expect(trainSmall({ learningRate: 0 }, { backend })).rejects.toThrow('learningRate');
    await expect(trainSmall({ layers: [16, 8, 4] }, { backend })).rejects.toThrow('layers');
    expect(open()).toBe(0);
  });
});

describe('what shows only once the samples are split', () => {
  it('is a warm-up that outlasts the training', async () => {
    // 70 samples in batches of 7, three times.
    await trainSmall({ warmup: 30 });
    await expect(trainSmall({ warmup: 31 })).rejects.toThrow(
      'warmup: expected at most 30, the steps of the training, received 31',
    );
  });

  it('is patience without a sample to look at', async () => {
    const split = [0.8, 0.1, 0.1] as const;
    await trainSmall({ subset: 20, split, patience: 1 });
    await expect(trainSmall({ subset: 5, split, patience: 1 })).rejects.toThrow(
      'patience: expected null, because so few samples leave none for validation',
    );
  });
});

describe('checkFit', () => {
  const table = smallDataset({ inputs: new Float32Array(90 * 16), image: null });
  for (const [what, changes, dataset, message] of [
    ['another first width', { layers: [15, 3] }, smallDataset(), 'layers: expected a first width'],
    ['another last width', { layers: [16, 4] }, smallDataset(), 'layers: expected a last width'],
    ['a table for bytes', { preprocess: 'none' }, smallDataset(), 'preprocess: expected binarize'],
    ['bytes for a table', {}, table, 'preprocess: expected none for a table'],
    [
      'shifts of a table',
      { preprocess: 'none', augment: 'shift:1' },
      table,
      'augment: expected none',
    ],
    [
      'shifts as wide as the image',
      { augment: 'shift:4' },
      smallDataset(),
      'augment: expected shifts smaller',
    ],
  ] as [string, Partial<Recipe>, Dataset, string][]) {
    it(`refuses ${what}`, () => {
      expect(() => checkFit(smallRecipe(changes), dataset)).toThrow(message);
    });
  }
});

describe('checkDataset', () => {
  for (const [what, changes, message] of [
    ['no features', { features: 0 }, 'at least 1 feature'],
    ['too few inputs', { inputs: new Uint8Array(5) }, 'expected inputs [90,16]'],
    ['too few labels', { labels: new Uint32Array(5) }, 'expected 90 labels, received 5'],
    ['images of another size', { image: { height: 3, width: 4 } }, 'received 3×4'],
    ['one class', { classes: 1 }, 'at least 2 classes'],
    [
      'labels past the classes',
      { labels: new Uint32Array(90).fill(7) },
      'labels below 3, received 7',
    ],
  ] as [string, Partial<Dataset>, string][]) {
    it(`refuses ${what}`, () => {
      expect(() => checkDataset(smallDataset(changes))).toThrow(BitgradError);
      expect(() => checkDataset(smallDataset(changes))).toThrow(message);
    });
  }
});

describe('evaluate', () => {
  it('gives the same loss in whatever batches, and a confusion matrix that adds up', async () => {
    const model = await trainSmall();
    const dataset = smallDataset();
    const all = await evaluate(model, dataset, range(0, 90), typescriptBackend());
    expect(all.samples).toBe(90);
    expect(all.confusion!.flat().reduce((sum, count) => sum + count, 0)).toBe(90);
    const correct = all.confusion!.reduce((sum, row, at) => sum + row[at]!, 0);
    expect(all.accuracy).toBe(correct / 90);
    let sum = 0;
    for (const index of range(0, 90)) {
      sum += (await evaluate(model, dataset, Uint32Array.of(index), typescriptBackend())).loss;
    }
    expect(sum / 90).toBe(all.loss);
    const test = await evaluate(model, dataset, range(70, 20), typescriptBackend());
    expect(test.loss).toBe(model.receipt.testLoss);
    expect(test.accuracy).toBe(model.receipt.testAccuracy);
  });
});

describe('initialParameters', () => {
  const network = smallRecipe({ layers: [100, 50, 10] });
  const deviation = (initializer: string): number => {
    const weights = initialParameters(network, initializer, 1).subarray(0, 5000);
    return Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0) / 5000);
  };

  it('have the deviation that was asked for, and biases of 0', () => {
    expect(deviation('xavier')).toBeCloseTo(Math.sqrt(2 / 150), 2);
    expect(deviation('he')).toBeCloseTo(Math.sqrt(2 / 100), 2);
    expect(deviation('normal:0.5')).toBeCloseTo(0.5, 1);
    const parameters = initialParameters(network, 'he', 1);
    expect(parameters.subarray(5000, 5050).every((bias) => Object.is(bias, 0))).toBe(true);
  });

  it('of one layer do not depend on the width of another', () => {
    const deeper = smallRecipe({ layers: [100, 50, 7, 3] });
    const [a, b] = [network, deeper].map((one) => initialParameters(one, 'normal:1', 1));
    expect(b!.subarray(0, 5000)).toEqual(a!.subarray(0, 5000));
    expect(b!.subarray(5050, 5055)).toEqual(a!.subarray(5050, 5055));
  });
});

describe('augmentation', () => {
  it('reads none and shift', () => {
    expect(parseAugmentation('none')).toEqual({
      kind: 'none',
      shift: 0,
      isAffine: false,
      flips: false,
    });
    expect(parseAugmentation('affine')).toMatchObject({ kind: 'maps', shift: 0, isAffine: true });
    expect(parseAugmentation('shift:12')).toMatchObject({ kind: 'shifts', shift: 12 });
  });

  it('draws every shift equally often, and others in each epoch', () => {
    const shifts = new Int32Array(18_000);
    drawShifts(shifts, parseAugmentation('shift:1'), 1, 0);
    for (const shift of [-1, 0, 1]) {
      const count = shifts.filter((one) => one === shift).length;
      expect(Math.abs(count - 6000)).toBeLessThan(250);
    }
    const later = new Int32Array(18_000);
    drawShifts(later, parseAugmentation('shift:1'), 1, 1);
    expect(later).not.toEqual(shifts);
  });
});
